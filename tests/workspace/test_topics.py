"""Where repositories keep alerts, runbooks and the rest: by place, by name and by what files hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.shipped_checks import specs
from support.workspace_sample import FILES, put

from orr.evidence.errors import Undetermined
from orr.evidence.repository.conventions import conventions
from orr.evidence.repository.repository import Repository
from orr.model.checklist import Checklist
from orr.model.validation import read
from orr.workspace.topics import Topic, Where, movable_topics, topics_in, unread_topics
from orr.workspace.workspace import Workspace

RULES = "groups:\n- name: shop\n  rules:\n  - alert: Down\n    expr: up == 0\n"
RULE_RESOURCE = (
    "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: shop}\nspec:\n"
    "  groups:\n  - name: shop\n    rules:\n    - alert: Down\n      expr: up == 0\n"
)
GRAFANA_RULES = (
    "apiVersion: 1\ngroups:\n- name: shop\n  folder: shop\n  rules:\n  - title: Down\n    condition: A\n"
    "    data: [{refId: A}]\n"
)
SLOTH = (
    "version: prometheus/v1\nservice: shop\nslos:\n- name: up\n  objective: 99.9\n  sli:\n    events:\n"
    "      error_query: sum(rate(errors[{{.window}}]))\n      total_query: sum(rate(all[{{.window}}]))\n"
    "  alerting: {name: Up}\n"
)
OPENSLO = (
    "apiVersion: openslo/v1\nkind: SLO\nmetadata: {name: up}\nspec:\n  service: shop\n  indicatorRef: up\n"
    "  objectives: [{target: 0.99}]\n  timeWindow: [{duration: 30d, isRolling: true}]\n"
)
PYRRA = (
    "apiVersion: pyrra.dev/v1alpha1\nkind: ServiceLevelObjective\nmetadata: {name: up}\nspec:\n  target: '99'\n"
    "  window: 2w\n  indicator: {ratio: {errors: {metric: a}, total: {metric: b}}}\n"
)
COMPONENT = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: shop}\nspec: {owner: shop}\n"
DASHBOARD = '{"title": "Shop", "schemaVersion": 39, "panels": []}'
PERSES = '{"kind": "Dashboard", "metadata": {"name": "shop"}, "spec": {}}'
SARIF = '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": []}]}'
ALERT_PAGE = "# Shop is down\n\n## Meaning\n\nNobody can buy.\n\n## Mitigation\n\nRestart it.\n"
POSTMORTEM = "# Outage\n\n## Timeline\n\n10:00 down\n\n## Root cause\n\nA full disk.\n"
ROTA = "start,end,person\n2026-12-01,2026-12-08,ana\n"
ROTA_CALENDAR = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:ana\nEND:VEVENT\nEND:VCALENDAR\n"
FREEZE = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Change freeze\nEND:VEVENT\nEND:VCALENDAR\n"
WORKFLOW = "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n    - run: make test\n"
GITLAB_CI = "test:\n  script:\n  - make test\n"
PAGE = "# Page\n\nSays what to do.\n"


def topic_of(root: Path, name: str) -> Topic | None:
    return next(iter(topics_in(Repository(root), {name})), None)


LAYOUTS = [
    # A topic, a file, what it holds, how it is found, what is written into `paths`
    ("alert-rules", "monitoring/rules/shop.yaml", RULES, Where.USUAL, ()),
    ("alert-rules", "alerts/shop.yml", RULES, Where.USUAL, ()),
    ("alert-rules", "charts/shop/rules/shop.yaml", RULE_RESOURCE, Where.USUAL, ()),
    ("alert-rules", "src/grafana/provisioning/alerting/shop.yaml", GRAFANA_RULES, Where.USUAL, ()),
    ("alert-rules", "rules/shop.yml", RULES, Where.KNOWN, ("rules/**/*.y*ml",)),
    ("alert-rules", "shop-mixin/rules.yaml", RULES, Where.KNOWN, ("*-mixin/**/*.y*ml",)),
    ("alert-rules", "deploy/alerts/shop.yaml", RULES, Where.CONTENT, ("deploy/alerts/*.yaml",)),
    ("alert-rules", "k8s/base/shop.yaml", RULE_RESOURCE, Where.CONTENT, ("k8s/base/*.yaml",)),
    ("objectives", "slo/shop.yaml", OPENSLO, Where.USUAL, ()),
    ("objectives", "sloth/shop.yml", SLOTH, Where.USUAL, ()),
    ("objectives", "services/shop/slo.yaml", SLOTH, Where.KNOWN, ("**/slo.y*ml",)),
    ("objectives", "pyrra/shop.yaml", PYRRA, Where.KNOWN, ("pyrra/**/*.y*ml",)),
    ("objectives", "deploy/reliability/shop.yaml", OPENSLO, Where.CONTENT, ("deploy/reliability/*.yaml",)),
    ("runbooks", "docs/runbooks/restore.md", PAGE, Where.USUAL, ()),
    ("runbooks", "RUNBOOK.md", PAGE, Where.USUAL, ()),
    ("runbooks", "docs/sop/restore.md", PAGE, Where.KNOWN, ("docs/sop/**/*.md",)),
    ("runbooks", "docs/howto/restore.md", "# Runbook: restore\n", Where.KNOWN, ("docs/howto/**/*.md",)),
    ("runbooks", "services/shop/runbook.md", PAGE, Where.CONTENT, ("services/shop/*.md",)),
    ("runbooks", "handbook/restore.md", "# 运行手册：恢复\n", Where.CONTENT, ("handbook/*.md",)),
    ("playbooks", "docs/playbooks/down.md", ALERT_PAGE, Where.USUAL, ()),
    ("playbooks", "docs/troubleshooting/down.md", ALERT_PAGE, Where.KNOWN, ("docs/troubleshooting/**/*.md",)),
    ("playbooks", "site/pages/shop-down.md", ALERT_PAGE, Where.CONTENT, ("site/pages/*.md",)),
    ("roster", "oncall/roster.csv", ROTA, Where.USUAL, ()),
    ("roster", "oncall/primary.csv", ROTA, Where.KNOWN, ("oncall/*.csv",)),
    ("roster", "people/on_call_2026.csv", ROTA, Where.CONTENT, ("people/*.csv",)),
    ("roster", "people/on-call.ics", ROTA_CALENDAR, Where.CONTENT, ("people/*.ics",)),
    ("on-call-page", "docs/oncall.md", PAGE, Where.USUAL, ()),
    ("on-call-page", "wiki/On_Call.md", PAGE, Where.NAME, ("wiki/*.md",)),
    ("escalation", "handbook/ops/escalation.md", PAGE, Where.NAME, ("handbook/ops/*.md",)),
    ("rollback", "documentation/rollback-plan.md", PAGE, Where.NAME, ("documentation/*.md",)),
    ("decisions", "docs/adr/0001.md", PAGE, Where.USUAL, ()),
    ("decisions", "docs/rfcs/0001.md", PAGE, Where.KNOWN, ("docs/rfcs/*.md",)),
    ("decisions", "handbook/decisions/0001.md", PAGE, Where.NAME, ("handbook/decisions/*.md",)),
    ("codeowners", ".github/CODEOWNERS", "* @acme/shop\n", Where.USUAL, ()),
    ("codeowners", "meta/CODEOWNERS", "* @acme/shop\n", Where.NAME, ("meta/CODEOWNERS",)),
    ("catalog", "catalog-info.yaml", COMPONENT, Where.USUAL, ()),
    ("catalog", ".backstage/shop.yaml", COMPONENT, Where.KNOWN, (".backstage/*.yaml",)),
    ("catalog", "meta/entities.yaml", COMPONENT, Where.CONTENT, ("meta/*.yaml",)),
    ("dashboards", "grafana/shop.json", DASHBOARD, Where.USUAL, ()),
    ("dashboards", "deploy/boards/shop.json", DASHBOARD, Where.CONTENT, ("deploy/boards/*.json",)),
    ("dashboards", "deploy/perses/shop.json", PERSES, Where.CONTENT, ("deploy/perses/*.json",)),
    ("pipelines", ".github/workflows/ci.yml", WORKFLOW, Where.USUAL, ()),
    ("pipelines", ".gitlab-ci.yml", GITLAB_CI, Where.USUAL, ()),
    ("pipelines", "Makefile", "test:\n\tpytest\n", Where.KNOWN, ("Makefile",)),
    ("change-calendar", "change-calendar.ics", FREEZE, Where.USUAL, ()),
    ("change-calendar", "ops/code-freeze.ics", FREEZE, Where.KNOWN, ("**/*freeze*.ics",)),
    ("change-calendar", "ops/2026.ics", FREEZE, Where.CONTENT, ("ops/*.ics",)),
    ("scans", "scans/shop.sarif", SARIF, Where.USUAL, ()),
    ("scans", "security/shop.sarif", SARIF, Where.KNOWN, ("**/*.sarif",)),
    ("incidents", "docs/postmortems/1.md", POSTMORTEM, Where.USUAL, ()),
    ("incidents", "post-mortems/1.md", POSTMORTEM, Where.KNOWN, ("post-mortems/*.md",)),
    ("incidents", "handbook/postmortems/1.md", PAGE, Where.NAME, ("handbook/postmortems/*.md",)),
    ("incidents", "handbook/2026-10-01.md", POSTMORTEM, Where.CONTENT, ("handbook/*.md",)),
    ("incidents", "source/incidents/1.html.md.erb", POSTMORTEM, Where.CONTENT, ("source/incidents/*.erb",)),
    ("runbooks", "source/pages/a.html.md.erb", "# Runbook: a\n", Where.CONTENT, ("source/pages/*.erb",)),
    ("runbooks", "site/a.md", "---\ntitle: Restore runbook\n---\nRun it.\n", Where.CONTENT, ("site/*.md",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "path", "text", "where", "patterns"), LAYOUTS, ids=[f"{one[0]} {one[1]}" for one in LAYOUTS]
)
def test_a_file_is_found_wherever_repositories_keep_it(
    tmp_path: Path, write, name: str, path: str, text: str, where: Where, patterns: tuple[str, ...]
) -> None:
    write(path, text)
    write("README.md", "# Shop\n")
    topic = topic_of(tmp_path, name)
    assert topic is not None
    assert (topic.where, topic.files, topic.patterns) == (where, (path,), patterns)
    if patterns:
        assert Repository(tmp_path).find(patterns).files == (path,)


def test_many_layouts_of_many_topics_are_known() -> None:
    assert len({path for _, path, *_ in LAYOUTS}) >= 30
    assert len({name for name, *_ in LAYOUTS}) >= 12


@pytest.mark.parametrize(
    ("name", "path", "text"),
    [
        ("alert-rules", "monitoring/prometheus.yml", "scrape_configs: []\n"),
        ("alert-rules", "monitoring/rules.yml", "groups:\n- name: a\n  rules:\n  - record: x\n    expr: y\n"),
        ("alert-rules", "deploy/templates/a.yaml", RULES),
        ("alert-rules", "tests/alerts.yaml", RULES),
        ("alert-rules", "vendor/x/alerts.yaml", RULES),
        ("alert-rules", "deploy/broken.yaml", "groups: [\n"),
        ("objectives", "deploy/a.yaml", "kind: SLO\n"),
        ("catalog", "deploy/a.yaml", "apiVersion: backstage.io/v1alpha1\nkind: User\nmetadata: {name: ana}\n"),
        ("dashboards", "package.json", '{"name": "panels"}'),
        ("runbooks", "runbooks/README.md", "# Runbooks\n"),
        ("runbooks", "docs/guide.md", "# Guide\n\nSee the runbook.\n"),
        ("playbooks", "docs/impact.md", "# Impact\n\nLarge.\n"),
        ("playbooks", "guide/runbooks/restore.md", PAGE),
        ("roster", "data/people.csv", ROTA),
        ("roster", "data/oncall-notes.csv", "text\nwords\n"),
        ("change-calendar", "data/holidays.ics", ROTA_CALENDAR),
        ("change-calendar", "data/calendar.ics", ROTA_CALENDAR),
        ("change-calendar", "src/test/code-freeze.ics", FREEZE),
        ("scans", "security/a.sarif", '{"runs": 1}'),
        ("rollback", "docs/notes.md", PAGE),
        ("entry-page", "src/shop/README.md", PAGE),
        ("codeowners", "docs/CODEOWNERS.md", PAGE),
        ("pipelines", ".github/workflows/ci.yml", "on: push\njobs: {}\n"),
    ],
)
def test_what_only_looks_like_it_is_not_found(tmp_path: Path, write, name: str, path: str, text: str) -> None:
    write(path, text)
    assert topic_of(tmp_path, name) is None


def test_what_lies_in_the_usual_place_and_holds_nothing_of_it_does_not_hide_what_does(tmp_path: Path, write) -> None:
    write("monitoring/prometheus.yml", "scrape_configs: []\n")
    write("deploy/alerts/a.yaml", RULES)
    write("deploy/alerts/b.yaml", RULES)
    topic = topic_of(tmp_path, "alert-rules")
    assert topic is not None
    assert topic.patterns == ("deploy/alerts/*.yaml",)


def test_what_a_file_holds_goes_before_a_place_where_such_files_are_only_known_to_lie(tmp_path: Path, write) -> None:
    write("docs/howto/log-in.md", PAGE)
    write("guide/runbooks/restore.md", PAGE)
    topic = topic_of(tmp_path, "runbooks")
    assert topic is not None
    assert (topic.where, topic.files) == (Where.CONTENT, ("guide/runbooks/restore.md",))


def test_files_beside_others_are_named_one_by_one_and_many_folders_become_one_pattern(tmp_path: Path, write) -> None:
    write("deploy/a.yaml", RULES)
    write("deploy/service.yaml", "kind: Service\n")
    topic = topic_of(tmp_path, "alert-rules")
    assert topic is not None
    assert topic.patterns == ("deploy/a.yaml",)
    for number in range(9):
        write(f"deploy/{number}/a.yaml", RULES)
        write(f"deploy/{number}/other.yaml", "kind: Service\n")
    topic = topic_of(tmp_path, "alert-rules")
    assert topic is not None
    assert topic.patterns == ("deploy/**/*.yaml",)


def test_of_documents_of_one_name_the_one_that_lies_least_deep_counts(tmp_path: Path, write) -> None:
    write("a/b/rollback.md", PAGE)
    write("z/rollback.md", PAGE)
    topic = topic_of(tmp_path, "rollback")
    assert topic is not None
    assert topic.files == ("z/rollback.md",)


def test_a_repository_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Undetermined):
        topics_in(Repository(tmp_path / "gone"), {"runbooks"})


def test_movable_are_the_topics_that_a_check_looks_for_to_be_there() -> None:
    checks = [
        {"check": "document", "path": ["convention:runbooks", "x.md"]},
        {"check": "results", "path": "convention:scans"},
        {"check": "files", "paths": "convention:drills", "at_most": 2},
        {"check": "no-such-kind", "path": "convention:risks"},
    ]
    item = {"item": "a", "ask": "A?", "risk": "high", "checks": checks}
    made = {"checklist": "c", "version": 1, "title": "C", "sections": [{"section": "s", "items": [item]}]}
    assert movable_topics([read(Checklist, made)]) == {"runbooks"}
    assert {spec.check for spec in specs()} >= {"document", "results"}
    assert not {name for name, one in conventions().items() if one.fixed} & {"runbooks"}


def test_a_topic_of_paths_that_no_check_looks_for_is_told(tmp_path: Path) -> None:
    check = "        checks: [{check: document, path: convention:runbooks, sections: [Steps]}]\n"
    text = FILES["checklists/c.yaml"].replace("risk: high\n", f"risk: high\n{check}", 1)
    paths = "paths: {runbooks: a.md, dashboards: b.json}\n"
    shop = FILES["workloads/shop/workload.yaml"] + paths
    put(tmp_path, {"checklists/c.yaml": text, "workloads/shop/workload.yaml": shop})
    (told,) = unread_topics(Workspace(tmp_path))
    assert "no check of the checklists looks for dashboards" in told.in_words("en")
    assert told.place.line == len(shop.splitlines())

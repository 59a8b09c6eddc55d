import jsonschema
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError
from support import ROOT

from orr.formats.schemas import KINDS, schemas
from orr.model.validation import read
from orr.source.yaml import parse

RULED = "{section: s, risk_rules: [{if: default, risk: none}], items: [{item: x, ask: X}]}"
PLAIN = "{section: s, items: [{item: x, ask: X, risk: high}]}"

GOOD = {
    "orr": [
        "{}",
        """
        {timezone: Asia/Shanghai, language: zh-CN, repositories: [../services], checklists: [checklists], allow: [http],
         history: "sqlite:///h.db", policy: [{tiers: [1, 2], no_go: [high], conditional: [medium],
         sign_offs: [operations], waiver_max_days: 90}]}
        """,
    ],
    "checklist": [
        """
        {checklist: rollback-plan, version: 3, title: {en: Rollback, zh-CN: 回滚}, sections: [{section: plan, items: [
         {item: rehearsed, ask: Was it?, risk: high, blocking: true, waivable: false, scope: team, practice: one,
          occasions: launch, when: {tier: 1, tags: [public], live: true}, valid_for: 90d, evidence: required,
          answered_by: both, enforce_from: 2027-01-15, checks: [
            {check: document, path: a.md}, {any_of: [{check: files, paths: a}, {check: aws, recipe: b}]}]}]}]}
        """,
        f"{{checklist: a, version: 1, title: A, sections: [{RULED}, {PLAIN.replace('x', 'y').replace('s,', 't,')}]}}",
    ],
    "workload": [
        """
        {workload: checkout, title: Checkout, tier: 1, owner: {team: payments, contact: a@example.com},
         launch: "2026-12-01T09:00+08:00", live_since: null, repository: ../a, checklists: [staffing], tags: public,
         operating_model: {application: {engineering: payments}, governance: centralized, provider: null}}
        """,
    ],
    "review": [
        """
        {review: checkout, occasion: launch, answers: {a/b: {answer: yes, by: ana, on: 2026-11-20, evidence: [{title: T,
         path: d.md, collected: 2026-11-12}], plan: {action: A, owner: O, due: 2026-11-28}}}, waivers: [{waiver: W-1,
         items: [a/b], reason: R, requested_by: ana, expires: 2026-12-31, revoked_on: null}], sign_offs: [{role: r,
         by: ana, vote: go, on: 2026-11-21, digest: "DIGEST"}], pre_mortem: [{scenario: S, impact: high}]}
        """,
    ],
    "team": ["{team: payments, answers: {a/b: {answer: not-applicable, reason: R, by: ana, on: 2026-11-20}}}"],
    "organization": ["{organization: ACME}"],
    "comment": ['{id: "5b1f", item: a/b, by: ana, at: "2026-11-21T10:04:00+08:00", text: Who?, reply_to: "4c0e"}'],
}


def _checklist(section):
    return f"{{checklist: a, version: 1, title: A, sections: [{section}]}}"


BAD = [
    pytest.param("orr", "{polices: []}", id="an unknown key"),
    pytest.param("orr", "{policy: [{tiers: [5]}]}", id="a tier that there is not"),
    pytest.param("checklist", _checklist(PLAIN).replace("a,", "Not Kebab,", 1), id="a name that is not kebab-case"),
    pytest.param("checklist", _checklist(PLAIN.replace(", risk: high", "")), id="an item without risk"),
    pytest.param("checklist", _checklist(PLAIN.replace("high", "high, blocking: yes")), id="a word for true"),
    pytest.param(
        "checklist",
        _checklist(PLAIN.replace("high", "high, checks: [{check: files, any_of: [{check: files, paths: a}]}]")),
        id="a group of checks that is a check too",
    ),
    pytest.param("checklist", _checklist(PLAIN.replace("high", "high, checks: [{any_of: []}]")), id="an empty group"),
    pytest.param("checklist", _checklist(RULED.replace("ask: X", "ask: X, risk: high")), id="a choice with a risk"),
    pytest.param("checklist", _checklist(RULED.replace("if:", "if_:")), id="a rule without its condition"),
    pytest.param("workload", "{workload: a, title: A, tier: '1', owner: {team: t}}", id="a tier as text"),
    pytest.param("workload", "{workload: a, title: A, tier: 1}", id="no owner"),
    pytest.param("review", "{review: a, answers: {a/b: {answer: maybe, by: a, on: 2026-01-01}}}", id="no such answer"),
    pytest.param(
        "review", "{review: a, sign_offs: [{role: r, by: a, vote: go, on: 2026-01-01, digest: x}]}", id="digest"
    ),
    pytest.param("comment", "{id: a, item: a/b, by: ana, at: 2026-11-21}", id="a comment without words"),
    pytest.param("team", "{organization: a}", id="the other kind of file"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_kind_of_file_has_a_valid_schema(kind, language):
    schema = schemas(language)[kind]

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_key_is_described_in_the_language_that_is_asked_for(language):
    made = schemas(language)

    parts = [part for schema in made.values() for part in (schema, *schema.get("$defs", {}).values())]
    keys = [(key, entry) for part in parts for key, entry in part.get("properties", {}).items()]
    assert len(keys) > 100
    assert [key for key, entry in keys if not entry.get("description")] == []
    for key, entry in keys:
        assert any("\u4e00" <= character <= "\u9fff" for character in entry["description"]) == (language == "zh-CN"), (
            key
        )


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in GOOD.items() for text in texts])
def test_a_right_file_is_valid_and_the_model_agrees(kind, text):
    data = parse(text.replace("DIGEST", "sha256:" + 64 * "0"), "a.yaml")

    assert [error.message for error in _errors(kind, data)] == []
    read(KINDS[kind], data)


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_a_wrong_file_is_not(kind, text):
    assert _errors(kind, parse(text, "a.yaml"))


@pytest.mark.parametrize("path", sorted((ROOT / "checklists").glob("*.yaml")), ids=lambda path: path.stem)
def test_our_own_checklists_are_valid(path):
    assert [error.message for error in _errors("checklist", parse(path.read_text("utf-8"), path.name))] == []


def test_a_default_reads_as_it_stands_in_a_file():
    item = schemas()["checklist"]["$defs"]["Item"]["properties"]

    assert (item["valid_for"]["default"], item["waivable"]["default"]) == ("365d", True)


def _errors(kind, data):
    return list(jsonschema.Draft202012Validator(schemas()[kind]).iter_errors(data))


WORDS = st.text(st.sampled_from("a b:/.-é中\u3000\n"), max_size=5)
NAMES = WORDS.filter(lambda name: not name.endswith("\n"))  # Python's `$`, unlike JSON Schema's, lets a line end follow
SCALARS = WORDS | st.none() | st.booleans() | st.integers() | st.lists(WORDS, max_size=2)
CHANNELS = st.dictionaries(st.sampled_from(["to", "language", "other"]), st.sampled_from(["en", "fr"]) | SCALARS)
SETTINGS = st.dictionaries(
    st.sampled_from(["notify"]), st.dictionaries(NAMES, SCALARS | CHANNELS, max_size=2) | SCALARS
)
ORR = jsonschema.Draft202012Validator(schemas()["orr"])


@given(SETTINGS)
@example({"notify": {"sales": "json://example.com"}})
@example({"notify": {"sales": {"to": "json://example.com", "language": None}}})
@example({"notify": {"sales": " "}})
@example({"notify": {"a/b": "json://example.com"}})
@example({"notify": {"sales": []}})
@example({"notify": {"sales": {"language": "en"}}})
def test_the_schema_of_notify_accepts_what_the_model_accepts_and_nothing_more(data):
    try:
        read(KINDS["orr"], data)
    except ValidationError:
        assert not ORR.is_valid(data)
    else:
        assert ORR.is_valid(data)

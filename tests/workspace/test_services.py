"""Which services a repository of several holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from orr.evidence.repository.repository import Repository
from orr.workspace.services import services_in, slug

COMPONENT = "apiVersion: backstage.io/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec: {owner: shop}\n"


def listed(root: Path) -> list[tuple[str, str]]:
    return [(one.name, one.folder) for one in services_in(Repository(root))]


@pytest.mark.parametrize(
    ("files", "services"),
    [
        (["src/cart/Dockerfile", "src/pay/Dockerfile"], [("cart", "src/cart"), ("pay", "src/pay")]),
        (["services/cart/go.mod", "services/pay/package.json"], [("cart", "services/cart"), ("pay", "services/pay")]),
        (["apps/web/package.json"], [("web", "apps/web")]),
        (["functions/mail/requirements.txt"], [("mail", "functions/mail")]),
        (["charts/shop/Chart.yaml"], [("shop", "charts/shop")]),
        (["src/Cart/Cart.csproj"], [("cart", "src/Cart")]),
        (["cart/deploy/docker/Dockerfile.prod"], [("cart", "cart")]),
        (["cart/Dockerfile", "cart/worker/Dockerfile"], [("cart", "cart")]),
        (["a/api/Dockerfile", "b/api/Dockerfile"], [("api", "a/api"), ("b-api", "b/api")]),
        (["Dockerfile"], []),
        (["docker/Dockerfile"], []),
        (["go.mod", "tools/go.mod"], []),
        (["tests/image/Dockerfile", "examples/cart/Dockerfile", "vendor/x/Dockerfile"], []),
    ],
    ids=["images", "services", "apps", "functions", "charts", "dotnet", "inner folder", "nested", "one name twice",
         "whole", "folder of the whole", "libraries", "samples"],
)  # fmt: skip
def test_a_service_is_a_folder_with_an_image_or_a_package_among_services(
    tmp_path: Path, write, files: list[str], services: list[tuple[str, str]]
) -> None:
    for path in files:
        write(path, "x\n")
    assert listed(tmp_path) == services


def test_the_catalog_names_a_service_and_what_is_no_component_is_none(tmp_path: Path, write) -> None:
    write("src/cart/Dockerfile", "FROM scratch\n")
    write("src/cart/catalog-info.yaml", COMPONENT % ("Component", "shopping-cart"))
    write("people/catalog-info.yaml", COMPONENT % ("Group", "shop"))
    write("broken/catalog-info.yaml", "a: [\n")
    assert listed(tmp_path) == [("shopping-cart", "src/cart")]


@pytest.mark.parametrize(
    ("name", "made"),
    [("Pricing API", "pricing-api"), ("  Pricing  API ", "pricing-api"), ("Shop", "shop"), ("订单 API", "订单-api"),
     ("a.b", "a.b"), ("—", "")],
)  # fmt: skip
def test_a_slug_is_lower_case_with_hyphens(name: str, made: str) -> None:
    assert slug(name) == made

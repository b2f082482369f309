"""Style sheets and fonts are built from their sources, once."""

import re
import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from cantine.assets import build, bundle

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fonts and sheets in a folder of their own, on what `make test` began with: fonts take seconds."""
    target = tmp_path_factory.mktemp("build")
    if (ROOT / ".build").is_dir():
        made = shutil.ignore_patterns("collected*", "uv")
        shutil.copytree(ROOT / ".build", target, dirs_exist_ok=True, ignore=made)
    build.build_assets(source=STATIC, target=target)
    return target


def test_a_second_build_has_nothing_to_do(built: Path) -> None:
    assert build.build_assets(source=STATIC, target=built) == []


def test_a_changed_sheet_is_built_again(tmp_path: Path) -> None:
    css = tmp_path / "css"
    shutil.copytree(STATIC / "css", css)
    assert build.build_sheets(css, tmp_path / "out")
    (css / "base.css").write_text("body { margin: 0 }", encoding="utf-8")
    assert build.build_sheets(css, tmp_path / "out")
    assert "body { margin: 0 }" in (tmp_path / "out" / "static" / "css" / "site.css").read_text(
        encoding="utf-8"
    )


def test_the_site_has_one_sheet_with_its_layers_in_order(built: Path) -> None:
    sheet = (built / "static" / "css" / "site.css").read_text(encoding="utf-8")
    assert sheet.startswith("@layer tokens, base, components, pages, conditions;")
    starts = [sheet.index(f"@layer {layer} {{") for layer in bundle.LAYERS]
    assert starts == sorted(starts)
    assert sheet.count("{") == sheet.count("}")
    assert "/*" not in sheet


def test_every_class_file_is_in_the_bundle(built: Path) -> None:
    sheet = (built / "static" / "css" / "site.css").read_text(encoding="utf-8")
    for file in (STATIC / "css" / "components").glob("*.css"):
        assert bundle.squeezed(file) in sheet


def test_fonts_are_small_and_hold_what_french_needs(built: Path) -> None:
    for name, most in (("bricolage-grotesque", 42_000), ("figtree", 22_000), ("figtree-italic", 22_000)):
        assert (built / "static" / "fonts" / f"{name}.woff2").stat().st_size < most
        characters = TTFont(built / "fonts" / f"{name}.ttf").getBestCmap()
        assert all(ord(sign) in characters for sign in "éèêëàâçùûîïôœŒÉÀÇ«»’–—…€ \u00a0\u202f→×")


def test_the_title_font_is_known_by_its_plain_name(built: Path) -> None:
    font = TTFont(built / "fonts" / "bricolage-grotesque.ttf")
    assert font["name"].getDebugName(1) == "Bricolage Grotesque"
    assert [axis.axisTag for axis in font["fvar"].axes] == ["wght"]


def test_every_icon_used_is_in_the_sprite() -> None:
    sprite = (STATIC / "img" / "icons.svg").read_text(encoding="utf-8")
    known = set(re.findall(r'<symbol id="([a-z]+)"', sprite))
    used: set[str] = set()
    for template in (ROOT / "templates").rglob("*.html"):
        used |= set(re.findall(r'icon\.html" with name="([a-z]+)"', template.read_text(encoding="utf-8")))
    assert used
    assert used <= known


def test_our_scripts_weigh_less_than_thirty_kilobytes() -> None:
    assert sum(file.stat().st_size for file in (STATIC / "js").rglob("*.js")) <= 30_000

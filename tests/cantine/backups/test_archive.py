"""The archive: it proves itself, and is there whole or not at all."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cantine.backups.archive import DATABASE, FILES, Manifest, Writer, verify
from cantine.backups.errors import BackupFailed
from cantine.backups.making import forget_old

CONTENT = {
    DATABASE: b"dump" * 1000,
    f"{FILES}documents/FA-1.pdf": b"%PDF",
    f"{FILES}plans/étage.svg": b"<svg/>",
}


def write(path: Path) -> Path:
    writer = Writer(path, Manifest("2026-03-02T10:00:00+00:00", 18, ["members.0001_initial"]))
    for name, content in CONTENT.items():
        writer.add(name, io.BytesIO(content), len(content))
    writer.finish()
    return path


def rewritten(path: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Someone takes the archive apart and puts it together differently."""
    with tarfile.open(path) as tar:
        held = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    change(held)
    with tarfile.open(path, "w") as tar:
        for name, content in held.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def test_a_whole_archive_says_what_it_holds_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "one.tar")
    manifest = verify(path)
    assert manifest.files == ["documents/FA-1.pdf", "plans/étage.svg"]
    assert (manifest.postgres, manifest.migrations) == (18, ["members.0001_initial"])
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == ["one.tar"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda held: held.update({f"{FILES}documents/FA-1.pdf": b"%PDG"}), "FA-1.pdf is not what"),
        (lambda held: held.pop(f"{FILES}plans/étage.svg"), "étage.svg is not what"),
        (lambda held: held.update({f"{FILES}more": b"x"}), "more is not what"),
        (lambda held: held.pop("manifest.json"), "no manifest"),
        (lambda held: held.update({"manifest.json": b"{}"}), "manifest cannot be read"),
    ],
)
def test_what_was_changed_is_not_believed(
    tmp_path: Path, change: Callable[[dict[str, bytes]], object], said: str
) -> None:
    path = write(tmp_path / "one.tar")
    rewritten(path, change)
    with pytest.raises(BackupFailed, match=said):
        verify(path)


@pytest.mark.parametrize("left", [0, 700, 3000, 8500])
def test_what_was_cut_off_is_not_believed(tmp_path: Path, left: int) -> None:
    path = write(tmp_path / "one.tar")
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(BackupFailed):
        verify(path)


def test_one_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "one.tar", Manifest("", 18, []))
    with pytest.raises(BackupFailed, match="documents"):
        writer.add(f"{FILES}documents/short.pdf", io.BytesIO(b"%P"), 4)
    writer.give_up()
    assert list(tmp_path.iterdir()) == []


def test_the_last_ones_of_a_kind_stay(tmp_path: Path) -> None:
    nightly = [f"cantine-202603{day:02}-020000Z.tar" for day in range(1, 6)]
    others = [
        "cantine-avant-migration-20260301-020000Z.tar",
        "cantine-20260302-020000Z.tar.part",
        "notes.txt",
    ]
    for name in nightly + others:
        (tmp_path / name).touch()
    forget_old(tmp_path, prefix="cantine", keep=2)
    assert {each.name for each in tmp_path.iterdir()} == {*nightly[-2:], *others}
    assert forget_old(tmp_path, prefix="cantine", keep=0) == []

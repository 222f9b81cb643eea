"""Makes the packages that people without Python install: freezes the program, tests it, wraps it.

    python3 installer/package.py

Run it on the system it is for; nothing is cross-built. It makes its own environment, `.venv-package`, because the
one for working holds test tools that would be swept in, and an hnswlib compiled for this very processor.

    Linux     dist/photofind-VERSION-linux-MACHINE.tar.xz, and a .deb where dpkg-deb is
    Windows   dist/photofind-VERSION-windows-MACHINE.zip
    macOS     dist/photofind-VERSION-macos-MACHINE.dmg (unsigned: see README.md beside this file)
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv-package"
DIST = ROOT / "dist"

DESKTOP_ENTRY = """[Desktop Entry]
Type=Application
Name=PhotoFind
Comment=Find any photo on your own disks
Comment[zh_CN]=在自己的硬盘上找到任何一张照片
Exec=photofind %F
Icon=photofind
Terminal=false
Categories=Graphics;Photography;
MimeType=inode/directory;
"""

# What the frozen folder cannot bring along, because it must fit the system's drivers and display (bootstrap.py).
DEBIAN_DEPENDS = "libc6, libegl1, libgl1, libx11-6, libdbus-1-3, libxkbcommon0, libfontconfig1"


def run(*command: str | Path, **variables: str) -> None:
    """Run one step; its failure ends the packaging."""
    print("---", *command, flush=True)
    subprocess.run([str(word) for word in command], cwd=ROOT, env={**os.environ, **variables}, check=True)


def freeze() -> Path:
    """Make `dist/photofind` and return the program in it, after the smoke test has passed."""
    is_windows = platform.system() == "Windows"
    python = ENVIRONMENT / ("Scripts/python.exe" if is_windows else "bin/python")
    run(sys.executable, "-m", "venv", "--clear", ENVIRONMENT)
    # Without -march=native: the package must run on older processors than this one. A cached wheel would have it.
    native_off = {"HNSWLIB_NO_NATIVE": "1"}
    run(python, "-m", "pip", "install", "-q", "--no-cache-dir", f"{ROOT}[raw]", "pyinstaller>=6.11", **native_off)
    run(python, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN", ROOT / "installer" / "photofind.spec")
    program = DIST / "photofind" / ("photofind.exe" if is_windows else "photofind")
    run(python, ROOT / "installer" / "smoke_test.py", program)
    return program


def make_deb(name: str, version: str, machine: str) -> None:
    """Wrap the frozen folder for Debian and Ubuntu: /opt/photofind, a command, a menu entry and its icon."""
    tree = DIST / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(DIST / "photofind", tree / "opt" / "photofind", symlinks=True)
    for folder in ("DEBIAN", "usr/bin", "usr/share/applications", "usr/share/icons/hicolor/scalable/apps"):
        (tree / folder).mkdir(parents=True)
    (tree / "usr/bin/photofind").symlink_to("/opt/photofind/photofind")
    (tree / "usr/share/applications/photofind.desktop").write_text(DESKTOP_ENTRY, encoding="utf-8")
    icon = ROOT / "resources" / "icons" / "photofind.svg"
    shutil.copy(icon, tree / "usr/share/icons/hicolor/scalable/apps")
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)
    (tree / "DEBIAN/control").write_text(
        f"Package: photofind\nVersion: {version}\nArchitecture: {architecture}\nSection: graphics\n"
        f"Maintainer: PhotoFind\nDepends: {DEBIAN_DEPENDS}\n"
        "Description: finds any photo on your own disks\n"
        " By likeness, by words or by a part of it; clears out duplicates without losing a picture.\n",
        encoding="utf-8",
    )
    run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", tree, DIST / f"{name}.deb")
    shutil.rmtree(tree)


def main() -> None:
    """Freeze, test and wrap."""
    text = (ROOT / "photofind" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'__version__ = "(.+)"', text)
    assert found is not None
    version, machine, system = found[1], platform.machine(), platform.system()
    freeze()
    name = f"photofind-{version}-{ {'Darwin': 'macos'}.get(system, system.lower()) }-{machine}"
    if system == "Windows":
        shutil.make_archive(str(DIST / name), "zip", DIST, "photofind")
    elif system == "Darwin":
        application = DIST / "PhotoFind.app"
        run("hdiutil", "create", "-ov", "-format", "UDZO", "-srcfolder", application, DIST / f"{name}.dmg")
    else:
        with tarfile.open(DIST / f"{name}.tar.xz", "w:xz") as archive:
            archive.add(DIST / "photofind", name)
        if shutil.which("dpkg-deb"):
            make_deb(name, version, machine)
    print("\n".join(str(path) for path in sorted(DIST.glob(f"{name}.*"))))


if __name__ == "__main__":
    main()

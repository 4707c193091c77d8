"""What can be asked of a device's filesystem through its raw REPL: facts, listings, hashes, removal.

Every answer is checked JSON. Names are a device's text: the callers match them against their own pattern before use.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from retrowalk.console import clean
from retrowalk.contact.status import is_device_id
from retrowalk.contact.transport import Transport
from retrowalk.errors import FailedError

WHOLE = 1 << 30  # more bytes than a file of the device has
_PATHS_AT_ONCE = 32  # the source text of one request must fit a small heap
_SHA256 = re.compile(r"[0-9a-f]{64}")

_FACTS = """\
import os,sys,json,machine,binascii
def text(p):
 try:
  with open(p) as f:
   return f.read(200)
 except OSError:
  return None
def here(p):
 try:
  os.stat(p)
  return True
 except OSError:
  return False
try:
 v=os.statvfs('/')
except OSError:
 v=(0,0,0,0)
i=sys.implementation
print(json.dumps({'device_id':binascii.hexlify(machine.unique_id()).decode(),'platform':sys.platform,
'machine':getattr(i,'_machine',''),'release':'.'.join(str(n) for n in i.version[:3]),'free_bytes':v[0]*v[3],
'total_bytes':v[0]*v[2],'board':text('/board.txt'),'has_main':here('/main.py'),
'has_core':here('/retrogait') or here('/a/retrogait') or here('/b/retrogait'),
'has_sessions':here('/sessions')}))
"""
_LIST = """\
import os,json
def walk(d,deep):
 try:
  for e in os.ilistdir(d):
   p=d+'/'+e[0]
   if e[1]&0x4000:
    if deep:
     walk(p,deep-1)
   else:
    print(json.dumps([p,e[3] if len(e)>3 else os.stat(p)[6]]))
 except OSError as x:
  if x.errno!=2:
   raise
for d in {!r}:
 walk(d,4)
"""
_HASH = """\
import hashlib,binascii,json
def sha(p,left):
 h=hashlib.sha256()
 b=bytearray(1024)
 m=memoryview(b)
 with open(p,'rb') as f:
  while left:
   n=f.readinto(m[:min(1024,left)])
   if not n:break
   h.update(m[:n])
   left-=n
 return binascii.hexlify(h.digest()).decode()
for p in {!r}:
 try:
  print(json.dumps([p,sha(p,{})]))
 except OSError:
  print(json.dumps([p,None]))
"""
_REMOVE = """\
import os
for p in {!r}:
 try:
  os.remove(p)
 except OSError as x:
  if x.errno!=2:
   raise
"""
_MARK = """\
import os
d={!r}
if sum(os.stat(d+'/'+n)[6] for n in os.listdir(d) if n[-4:]=='.rwl')=={!r}:
 try:
  open(d+'/verified','w').close()
 except OSError as x:
  if x.errno!=28:
   raise
"""
_REMOVE_FOLDER = """\
import os
for f,p in ((os.remove,'/verified'),(os.rmdir,'')):
 try:
  f({!r}+p)
 except OSError:
  pass
"""


@dataclass(frozen=True)
class Facts:
    """A device without its app: what its MicroPython and its flash say. Without a filesystem that can be read, the
    bytes are 0, and what lies in it counts as absent.
    """

    device_id: str
    platform: str
    machine: str
    release: str
    free_bytes: int
    total_bytes: int
    board: str | None
    has_main: bool
    has_core: bool
    has_sessions: bool

    @property
    def has_filesystem(self) -> bool:
        """Whether its files can be read: a filesystem is mounted, and its own records are sound."""
        return self.total_bytes > 0


def read_facts(device: Transport) -> Facts:
    """The device's facts. Raises FailedError if they make no sense."""
    told = _only(device.run(_FACTS))
    if not isinstance(told, dict) or not is_device_id(told.get("device_id")):
        raise FailedError("The device does not say who it is.", "press its reset button and run this again.")
    board = told.get("board")
    return Facts(
        device_id=told["device_id"],
        platform=clean(told.get("platform"), 40),
        machine=clean(told.get("machine"), 80),
        release=clean(told.get("release"), 20),
        free_bytes=_size(told.get("free_bytes")),
        total_bytes=_size(told.get("total_bytes")),
        board=clean(board, 40) if isinstance(board, str) else None,
        has_main=told.get("has_main") is True,
        has_core=told.get("has_core") is True,
        has_sessions=told.get("has_sessions") is True,
    )


def list_files(device: Transport, folders: Sequence[str]) -> dict[str, int]:
    """Path -> size of every file below `folders` (missing ones are empty); the paths are unchecked text."""
    found = {}
    for row in device.run(_LIST.format(list(folders))):
        if not isinstance(row, list) or len(row) != 2 or not isinstance(row[0], str):
            raise FailedError("The device's list of files is garbled.", "check the cable and run this again.")
        found[row[0]] = _size(row[1])
    return found


def hash_files(device: Transport, paths: Iterable[str], n_bytes: int = WHOLE) -> dict[str, str]:
    """Path -> SHA-256 (hexadecimal) of its first `n_bytes`, by the device; files it cannot read are left out."""
    asked = list(paths)
    hashes = {}
    for at in range(0, len(asked), _PATHS_AT_ONCE):
        some = asked[at : at + _PATHS_AT_ONCE]
        for row in device.run(_HASH.format(some, n_bytes)):
            if isinstance(row, list) and len(row) == 2 and row[0] in some and _is_hash(row[1]):
                hashes[row[0]] = row[1]
    return hashes


def remove_files(device: Transport, paths: Iterable[str]) -> None:
    """Remove files; one that is not there is no error."""
    asked = list(paths)
    for at in range(0, len(asked), _PATHS_AT_ONCE):
        device.run(_REMOVE.format(asked[at : at + _PATHS_AT_ONCE]))


def remove_folder(device: Transport, path: str) -> None:
    """Remove a session's folder if nothing but its mark is in it."""
    device.run(_REMOVE_FOLDER.format(path))


def mark_verified(device: Transport, folder: str, n_bytes: int) -> None:
    """Leave the mark of a verified session (as `rw verified` does), if its files are `n_bytes` long and it has room."""
    device.run(_MARK.format(folder, n_bytes))


def _only(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else None


def _size(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 1 << 40 else 0


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _SHA256.fullmatch(value) is not None

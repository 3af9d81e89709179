"""What macOS says of this program's permissions, through C and the Objective-C runtime: no bridge is needed.

Unverified on a real system: see docs/platforms.md.
Sources: https://developer.apple.com/documentation/coregraphics/cgpreflightscreencaptureaccess(),
https://developer.apple.com/documentation/avfoundation/avcapturedevice/authorizationstatus(for:),
https://developer.apple.com/documentation/iokit/iohidcheckaccess(_:),
https://developer.apple.com/documentation/objectivec/objective-c-runtime
"""

from __future__ import annotations

import ctypes
from typing import Any

_FRAMEWORKS = "/System/Library/Frameworks"
_UTF8 = 0x08000100
_LISTEN_EVENT = 1


def screen() -> bool:
    """Whether the screen may be recorded. macOS 10.15 and later; OSError or AttributeError before."""
    function = _framework("CoreGraphics").CGPreflightScreenCaptureAccess
    function.restype = ctypes.c_bool
    return bool(function())


def ask_for_screen() -> bool:
    """Have the system ask the user, once; the answer counts after the program was started again."""
    function = _framework("CoreGraphics").CGRequestScreenCaptureAccess
    function.restype = ctypes.c_bool
    return bool(function())


def input_monitoring() -> int:
    """IOHIDAccessType: 0 granted, 1 denied, 2 never asked."""
    function = _framework("IOKit").IOHIDCheckAccess
    function.argtypes, function.restype = (ctypes.c_uint32,), ctypes.c_uint32
    return int(function(_LISTEN_EVENT))


def media(kind: str) -> int:
    """AVAuthorizationStatus of "vide" or "soun": 0 never asked, 1 restricted, 2 denied, 3 granted."""
    _framework("AVFoundation")  # registers the class
    runtime = _library("/usr/lib/libobjc.dylib")
    runtime.objc_getClass.argtypes, runtime.objc_getClass.restype = (ctypes.c_char_p,), ctypes.c_void_p
    runtime.sel_registerName.argtypes, runtime.sel_registerName.restype = (ctypes.c_char_p,), ctypes.c_void_p
    send = runtime.objc_msgSend
    send.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
    send.restype = ctypes.c_long
    device = runtime.objc_getClass(b"AVCaptureDevice")
    selector = runtime.sel_registerName(b"authorizationStatusForMediaType:")
    core = _framework("CoreFoundation")
    text = _string(core, kind)
    try:
        return int(send(device, selector, text))
    finally:
        core.CFRelease(text)


def _string(core: Any, text: str) -> Any:
    """A CFString, which is an NSString as well; released by whoever asked for it."""
    make = core.CFStringCreateWithCString
    make.argtypes, make.restype = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32), ctypes.c_void_p
    core.CFRelease.argtypes, core.CFRelease.restype = (ctypes.c_void_p,), None
    return make(None, text.encode(), _UTF8)


def _framework(name: str) -> Any:
    return _library(f"{_FRAMEWORKS}/{name}.framework/{name}")


def _library(path: str) -> Any:
    return ctypes.CDLL(path)

"""What operations do that neither their signatures nor their paths tell, by operation id.

A route that begins to refuse with another code, to tell ETags or to answer text is entered here; the tests of
the server fail for an answer that is not described.
"""

from collections.abc import Mapping

# `If-Match` is held against what is there: 412, and an ETag in the answer.
CONDITIONAL = {
    "updateRecording": "changed",
    "patchRecording": "changed",
    "updateShareSettings": "changed",
    "updateFolder": "changed",
    "putTranscript": "transcript_changed",
    "editSegment": "transcript_changed",
    "restoreTranscript": "transcript_changed",
    "editComment": "comment_changed",
    "deleteComment": "comment_changed",
    "resolveComment": "comment_changed",
    "reopenComment": "comment_changed",
    "editShareComment": "comment_changed",
    "deleteShareComment": "comment_changed",
    "resolveShareComment": "comment_changed",
    "reopenShareComment": "comment_changed",
}
# `If-None-Match` is answered with 304 where nothing changed.
REVALIDATED = frozenset(
    {
        *("getTranscript", "getShareTranscript", "getCaptions", "getShareCaptions"),
        *("getAnalysis", "getShareAnalysis", "getChapters", "getShareChapters"),
        *("getMasterPlaylist", "getEverythingPlaylist", "getManifest", "getKeyFrames", "getKeyFramesOf"),
        *("getCaptionsPlaylist", "getCaptionsText", "getChaptersText", "getMediaPlaylist"),
        "getRenditionPlaylist",
    }
)
# Their answers have an ETag, for the conditions of others.
TAGGED = frozenset(
    {
        *(
            "getRecording",
            "getShareSettings",
            "getFolder",
            "createFolder",
            "createComment",
            "getComment",
            "createShareComment",
        ),
        "getShareComment",
    }
)
# Files: parts of them by `Range`, 304, and 416 for a part that they do not have.
RANGED = frozenset({"getMedia"})
# Uploads by tus 1.0.0.
TUS = frozenset({"createUpload", "getUploadOffset", "appendToUpload", "terminateUpload"})
# Counted by address or account, also where nobody is signed in.
LIMITED = frozenset(
    {
        *(
            "login",
            "loginWithCode",
            "beginPasskeyLogin",
            "loginWithPasskey",
            "register",
            "verifyEmail",
            "forgotPassword",
            "resetPassword",
        ),
        *("token", "deviceCode", "devicePage", "sendWatchEvents"),
        *("createShareComment", "addShareReaction", "unlockShare"),
    }
)
# For people: what is refused is said on the page.
PAGES = frozenset({"devicePage"})
_HLS, _VTT = "application/vnd.apple.mpegurl", "text/vtt"
# What is answered where it is not JSON.
TEXTS: Mapping[str, tuple[str, ...]] = {
    "getCaptions": (_VTT, "application/x-subrip", "text/plain", "application/json"),
    "getShareCaptions": (_VTT, "application/x-subrip", "text/plain", "application/json"),
    "getChapters": (_VTT,),
    "getShareChapters": (_VTT,),
    "getAnalyticsTable": ("text/csv",),
    "downloadExport": ("application/zip",),
    "authorize": ("text/html",),
    "devicePage": ("text/html",),
    "getMasterPlaylist": (_HLS,),
    "getEverythingPlaylist": (_HLS,),
    "getManifest": ("application/dash+xml",),
    "getTrackSegment": ("video/mp4", "audio/mp4"),
    "getKeyFrames": (_HLS,),
    "getKeyFramesOf": (_HLS,),
    "getCaptionsPlaylist": (_HLS,),
    "getCaptionsText": (_VTT,),
    "getChaptersText": (_VTT,),
    "getMediaPlaylist": (_HLS,),
    "getRenditionPlaylist": (_HLS,),
    "getMedia": ("video/mp4", "audio/mp4", "image/jpeg", "image/webp", "image/gif", _VTT, "application/json"),
}

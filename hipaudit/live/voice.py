"""Says a sentence with whatever voice the machine has, in a process of its own; a machine without one stays silent."""

import shutil
import subprocess
import sys

_SPEAK = (
    "Add-Type -AssemblyName System.Speech; "
    "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())"
)
# Each reads what to say from its input, so that no sentence is ever taken for an option or a command.
VOICES = {
    "darwin": (("say", "-f", "-"),),
    "win32": (("powershell", "-NoProfile", "-Command", _SPEAK),),
    "linux": (("espeak-ng", "--stdin"), ("espeak", "--stdin"), ("spd-say", "--pipe-mode")),
}


class Voice:
    """Speaks one sentence at a time, a new one cutting off the one before. Use `close` when done."""

    def __init__(self, muted: bool = False) -> None:
        self.muted = muted
        found = (voice for voice in VOICES.get(sys.platform, ()) if shutil.which(voice[0]))
        self._command = next(found, None)
        self._speaking: subprocess.Popen[bytes] | None = None

    @property
    def there(self) -> bool:
        """Whether this machine has a voice."""
        return self._command is not None

    def say(self, text: str) -> None:
        """Begins to speak and returns at once."""
        if self.muted or self._command is None or not text:
            return
        self.close()
        quiet = subprocess.DEVNULL
        self._speaking = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet)
        assert self._speaking.stdin is not None
        try:
            self._speaking.stdin.write(text.encode())  # a sentence fits into the pipe: this does not wait
            self._speaking.stdin.close()
        except BrokenPipeError:
            pass  # the voice has failed: the words are on the screen too

    def close(self) -> None:
        """Cuts off what is being said."""
        if self._speaking is not None:
            self._speaking.kill()
            self._speaking.wait()
            self._speaking = None

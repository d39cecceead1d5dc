"""The window itself, a program of its own: pictures come in by its input, keys go out by its output.

It imports OpenCV and nothing of hipaudit: where PyAV is loaded too, the X libraries both bring make OpenCV hang as it
opens a window; and where there is no screen the toolkit ends the whole process, which then is only this one.
"""

import struct
import sys

import cv2
import numpy as np

HEAD = struct.Struct("<II")  # height and width of the picture that follows, BGR bytes
CLOSED = "closed"


def main() -> None:
    """Shows each picture and answers with the key pressed meanwhile, until the input ends or the window is closed."""
    title = sys.argv[1]
    cv2.namedWindow(title, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
    sized = seen = False
    while head := sys.stdin.buffer.read(HEAD.size):
        height, width = HEAD.unpack(head)
        image = np.frombuffer(sys.stdin.buffer.read(height * width * 3), np.uint8).reshape(height, width, 3)
        if not sized:  # as large as the picture; whoever wants it larger pulls at it
            cv2.resizeWindow(title, width, height)
            sized = True
        cv2.imshow(title, image)
        code = cv2.waitKey(1)
        visible = cv2.getWindowProperty(title, cv2.WND_PROP_VISIBLE) >= 1
        closed, seen = seen and not visible, seen or visible  # it may take a moment to appear
        sys.stdout.write((CLOSED if closed else "" if code < 0 else chr(code & 0xFF).lower()) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

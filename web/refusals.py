"""What outbox/ answers to people, in their own language; here it is marked for translating."""

import re

from outbox.refusals import NotAllowed, NotValid
from web.texts import _, lazy

_NUMBER = re.compile(r"\d+")

SENTENCES = (
    lazy("Write something, or add a picture."),
    lazy("At most 5000 characters."),
    lazy("At most 500 characters."),
    lazy("At most 80 characters."),
    lazy("A poll has 2 to 20 answers."),
    lazy("Each answer must be there, and be different from the others."),
    lazy("At most 100 characters for an answer."),
    lazy("A poll stays open for 5 minutes to a year."),
    lazy("At most 18 pictures."),
    lazy("One of the pictures is no longer there. Add it again."),
    lazy("Describe your pictures first: the rules ask for it."),
    lazy("This draft was published or deleted already."),
    lazy("You have 100 drafts. Publish or delete one of them first."),
    lazy("Choose a time at least five minutes from now."),
    lazy("Choose a time within a year."),
    lazy("You have scheduled 300 notes. Publish or delete one of them first."),
    lazy("You have scheduled 25 notes for this day. Choose another day."),
    lazy("The note you answered is no longer there."),
    lazy("It could not be published, and the fault is ours. Please try again."),
    lazy("Confirm your e-mail address first; then you can publish this."),
    lazy("Until you have confirmed your address, you can write to everyone here, not to some."),
    lazy("This account may not post now."),
    lazy("You cannot answer this note."),
    lazy("You cannot like this note."),
    lazy("This note is not for everyone, so it cannot be boosted."),
    lazy("You can pin your own notes that everyone may see."),
    lazy("At most 5 notes can be pinned."),
    lazy("Only its author can delete a note."),
    lazy("Only its author can change a note."),
    lazy("Only its author can change who sees a note."),
    lazy("A note can be shown to fewer people, never to more."),
    lazy("A poll stays with those who were asked."),
    lazy("Give the board a name."),
    lazy("You have a board of this name."),
    lazy("You have 200 boards. Delete one of them first."),
    lazy("You cannot keep this note."),
    lazy("This board holds as many notes as one can."),
    lazy("You cannot block yourself."),
    lazy("You cannot block the server you live on."),
    lazy("You block as many servers as one can."),
    lazy("This is not the name of a server."),
    lazy("You cannot follow yourself."),
    lazy("You cannot follow this account."),
    lazy("You cannot vote here."),
    lazy("This poll has ended, or you have voted."),
    lazy("Choose an answer first."),
    lazy("You cannot mute yourself."),
    lazy("You cannot report yourself."),
    lazy("These notes are not by the person you report."),
    lazy("One of these notes is not there."),
    lazy("There is no such rule."),
    lazy("This report was answered already."),
    lazy("Someone else has taken this report."),
    lazy("You are part of this report; someone else has to look at it."),
    lazy("Choose what was found."),
    lazy("Say what you looked at."),
    lazy("This report is no longer open."),
    lazy("This picture is damaged and cannot be read."),
    lazy("This picture is larger than 16 MB."),
    lazy("This picture may not be shared here."),
    lazy("This picture has more than 33 million pixels."),
    lazy("This is no JPEG, PNG, WebP, AVIF, HEIC or GIF picture."),
    lazy("This picture would take too long to read."),
    lazy("This file could not be worked on; it may be damaged. Try another one."),
    lazy("This file is no longer there. Add it again."),
    lazy("One of the pictures is still being worked on. Try again in a moment."),
    lazy("A moving picture may have at most 4 million pixels."),
    lazy("A moving picture may have at most 300 frames."),
    lazy("This is no picture and no video that can be shown here."),
    lazy("This is no MP4, MOV, WebM or Matroska video."),
    lazy("This video is damaged and cannot be read."),
    lazy("This video breaks off before its end."),
    lazy("This video is written in a way that cannot be read here."),
    lazy("The sound of this video is written in a way that cannot be read here."),
    lazy("This file holds sound and no pictures; only videos can be shown here."),
    lazy("This video is larger than {n} MB."),
    lazy("This video is longer than {n} seconds."),
    lazy("This video is larger than 3840 x 2160 pixels."),
    lazy("This video has more than 60 pictures in a second."),
    lazy("This video has too many pictures."),
    lazy("This video holds too many streams."),
    lazy("This video is too short to be seen."),
    lazy("This video is too small to be seen."),
    lazy("This file of captions is larger than 1 MB."),
    lazy("This file of captions is not written in UTF-8."),
    lazy("This file holds no text; captions are WebVTT or SubRip."),
    lazy("There are no captions in this file: it has to be WebVTT or SubRip."),
    lazy("There are more than 5000 captions in this file."),
    lazy("The times in line {n} of these captions cannot be read."),
    lazy("The caption in line {n} ends before it begins."),
)


def why(error: NotAllowed | NotValid | ValueError) -> str:
    """Say to whoever asked why it cannot be; explanations of the policy stay as they are."""
    said = str(error)
    translated = _(said)
    number = _NUMBER.search(said)
    if translated != said or number is None:
        return translated
    # A sentence about a limit of this machine is translated without its number.
    return _(_NUMBER.sub("{n}", said, count=1)).replace("{n}", number[0])

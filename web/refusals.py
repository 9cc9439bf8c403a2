"""What outbox/ answers to people, in their own language; here it is marked for translating."""

from outbox.refusals import NotAllowed, NotValid
from web.texts import _, lazy

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
    lazy("This account may not post now."),
    lazy("You cannot answer this note."),
    lazy("You cannot like this note."),
    lazy("This note is not for everyone, so it cannot be boosted."),
    lazy("You can pin your own notes that everyone may see."),
    lazy("At most 5 notes can be pinned."),
    lazy("Only its author can delete a note."),
    lazy("Only its author can change a note."),
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
    lazy("This picture has more than 33 million pixels."),
    lazy("This is no JPEG, PNG, WebP, AVIF or GIF picture."),
    lazy("A moving picture may have at most 4 million pixels."),
    lazy("A moving picture may have at most 300 frames."),
)


def why(error: NotAllowed | NotValid | ValueError) -> str:
    """Say to whoever asked why it cannot be; explanations of the policy stay as they are."""
    return _(str(error))

"""What notices say; they go out in the language of the policy, for who reads them may be anyone."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "issued": (
            "The moderators of {server} have made a decision about {thing}: {measure}.\n\n"
            "{explanation}\n\n"
            "What happened, the rule as it stood, until when it holds, and how to appeal: {link}"
        ),
        "lifted": "A decision about {thing} was lifted early: {measure}. {link}",
        "expired": "A decision about {thing} has run out: {measure}. {link}",
        "amended": "A decision about {thing} was replaced by another one: {measure}. {link}",
        "inadmissible": "Your appeal about {thing} is not heard. The reasons: {link}",
        "upheld": "Your appeal about {thing} was heard; the decision stands. The reasons: {link}",
        "overturned": (
            "Your appeal about {thing} was right. The decision is taken back, and what it"
            " changed is as it was. The reasons: {link}"
        ),
        "changed": "Your appeal about {thing} was heard; the decision was changed: {link}",
        "report.upheld": "Your report was found right. {words} {link}",
        "report.partly": "Your report was found right in part. {words} {link}",
        "report.not_upheld": "Your report was looked at; no rule was broken. {words} {link}",
        "report.duplicate": "What you reported was decided before. {words} {link}",
        "report.misuse": "Your report was found not to be made in good faith. {words} {link}",
        "report.right_there": "{host} has looked at your report and found it right. {link}",
        "report.wrong_there": (
            "{host} has looked at your report and found that no rule of theirs was broken. {link}"
        ),
        "hidden": (
            "The moderators of {server} have hidden a note of yours until they have decided about"
            " it, at the latest until {until}; then it is shown again by itself. {link}"
        ),
        "hidden.over": "A note of yours that the moderators had hidden is shown again. {link}",
        "held.out": "A note of yours was looked at, and is published now. {link}",
        "held.back": (
            "A note of yours was looked at and comes back to you: {reason}\n\nIt is among your"
            " drafts, where you can change it and try again: {link}"
        ),
        "thing.note": "a note of yours",
        "thing.account": "your account",
        "thing.group": "your group",
        "thing.server": "your server",
        "measure.none": "no rule was broken",
        "measure.label": "a content note was added",
        "measure.quiet": "it is left out of public lists",
        "measure.close": "answers are closed",
        "measure.age": "it is for adults only",
        "measure.hide": "it is hidden",
        "measure.remove": "it is removed",
        "measure.warn": "a warning",
        "measure.slow": "you can post only now and then",
        "measure.read_only": "you can read, but not post",
        "measure.suspend": "it is suspended",
        "measure.close_account": "it is closed for good",
        "measure.leave_group": "you are banned from the group",
        "measure.restrict_group": "only those who run it begin threads",
        "measure.close_group": "it is closed for good",
        "group.asleep": (
            "Nobody who runs {group} was here for a long time. Members who live here can ask for"
            " the role; the moderators of this server decide: {link}"
        ),
        "group.succeeded": "{group} has a new owner: {reason} {link}",
        "group.not_succeeded": "{group} has no new owner: {reason} {link}",
        "group.closing": "{group} will close on {day}: {reason} {link}",
        "group.stays": "{group} will not close after all. {link}",
        "group.unanswered": "Those who run the group did not answer in time.",
    },
    "zh": {
        "issued": (
            "{server} 的管理员对{thing}作出了决定：{measure}。\n\n"
            "{explanation}\n\n"
            "事实、当时的规则、期限以及如何申诉：{link}"
        ),
        "lifted": "对{thing}的决定已提前解除：{measure}。{link}",
        "expired": "对{thing}的决定已到期：{measure}。{link}",
        "amended": "对{thing}的决定已由另一决定取代：{measure}。{link}",
        "inadmissible": "您就{thing}提出的申诉不予受理。理由：{link}",
        "upheld": "您就{thing}提出的申诉已经审理，决定维持不变。理由：{link}",
        "overturned": "您就{thing}提出的申诉成立。决定已撤销，一切恢复原状。理由：{link}",
        "changed": "您就{thing}提出的申诉已经审理，决定有所更改：{link}",
        "report.upheld": "您的举报属实。{words} {link}",
        "report.partly": "您的举报部分属实。{words} {link}",
        "report.not_upheld": "已查看您的举报，没有违反规则。{words} {link}",
        "report.duplicate": "您举报的内容此前已有决定。{words} {link}",
        "report.misuse": "您的举报被认定为并非出于善意。{words} {link}",
        "report.right_there": "{host} 已查看您的举报，认定属实。{link}",
        "report.wrong_there": "{host} 已查看您的举报，认为没有违反其规则。{link}",
        "hidden": (
            "{server} 的管理员暂时隐藏了您的一篇笔记，待作出决定；"
            "最迟到 {until} 会自动重新显示。{link}"
        ),
        "hidden.over": "您被管理员暂时隐藏的一篇笔记已重新显示。{link}",
        "held.out": "您的一篇笔记已经审看，现已发布。{link}",
        "held.back": "您的一篇笔记经审看后退回：{reason}\n\n它在您的草稿中，可修改后重试：{link}",
        "thing.note": "您的一篇笔记",
        "thing.account": "您的账号",
        "thing.group": "您的小组",
        "thing.server": "您的服务器",
        "measure.none": "没有违反规则",
        "measure.label": "添加了内容提示",
        "measure.quiet": "不再出现在公开列表中",
        "measure.close": "已关闭回复",
        "measure.age": "仅限成年人",
        "measure.hide": "已隐藏",
        "measure.remove": "已移除",
        "measure.warn": "警告",
        "measure.slow": "只能间隔一段时间发布",
        "measure.read_only": "可以阅读，但不能发布",
        "measure.suspend": "已停用",
        "measure.close_account": "已永久关闭",
        "measure.leave_group": "您已被禁止参与该小组",
        "measure.restrict_group": "只有管理者可以发起讨论",
        "measure.close_group": "已永久关闭",
        "group.asleep": (
            "{group} 的管理者已长期没有出现。"
            "本服务器上的成员可以申请接任，由服务器管理员决定：{link}"
        ),
        "group.succeeded": "{group} 有了新的所有者：{reason} {link}",
        "group.not_succeeded": "{group} 没有新的所有者：{reason} {link}",
        "group.closing": "{group} 将于 {day} 关闭：{reason} {link}",
        "group.stays": "{group} 不再关闭。{link}",
        "group.unanswered": "小组的管理者没有按时答复。",
    },
}


def in_language(tag: str) -> str:
    """Return the language of ours that is nearest to a tag."""
    return "zh" if tag.lower().startswith("zh") else "en"

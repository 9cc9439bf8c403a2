"""A person who lets an app in by hand: signs in, presses the button, copies the code."""

from tests.walks.processes import PASSWORD, Browser, Server


async def code_for(server: Server, name: str, address: str, *, is_staff: bool = False) -> str:
    """Be the person: open the app's address in a browser, sign in, let it in, read the code."""
    async with Browser(server) as browser:
        path = address.removeprefix(server.base)
        if is_staff:
            await browser.sign_in_as_staff(name)
        page = await browser.get(path)
        if not is_staff:
            who = {"user[email]": f"{name}@example.org", "user[password]": PASSWORD}
            page = await browser.send(page, "/sign-in", **who)
        page = await browser.send(page, "/oauth/authorize", answer="yes")
    found = page.tree.css_first("code")
    assert found is not None, page.text
    return found.text()

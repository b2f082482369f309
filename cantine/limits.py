"""How often something may be done from one connection (ip), by one person or to one address (key)."""


def limits(*, guests: int, requests: int) -> dict[str, str]:
    """The limits in allauth's words: of `guests` an hour from one connection, of `requests` an hour in all.

    Of codes to sign in: six digits, three tries each; with ten an hour nobody guesses one in a lifetime.
    """
    return {
        "request_login_code": "20/m/ip,3/m/key,10/h/key",
        "reset_password": "20/m/ip,5/m/key,10/h/key",
        # Each sends a message to an address that anyone may type; a whole room may share one connection.
        "register_for_event": f"{guests}/h/ip,5/m/key,20/d/key",
        "correct_address": "30/h/ip,3/m/key,10/h/key",
        "confirm_address": "10/h/key",
        "ask_to_rent": f"{guests}/h/ip,3/m/key,10/d/key",
        "ask_change": "3/m/key,10/h/key",  # by request: each replaces the one before
        # Who is signed in, by person: the directory is not copied, the board is not flooded.
        # Files of open data: whoever takes them all, in every form, asks a dozen times.
        "read_open_data": "60/m/ip,600/h/ip",
        "read_directory": "60/m/key,600/h/key",
        "save_profile": "30/h/key",
        "write_notice": "5/h/key,10/d/key",
        "reply_to_notice": "20/h/key",
        "report_notice": "10/h/key",
        # From however many connections and addresses: what no house could answer is not taken down.
        "ask_to_rent_in_all": f"{requests}/h/key",
        "write_to_house": f"{guests}/h/ip,3/m/key,10/d/key",
        "write_to_house_in_all": f"{requests}/h/key",
        "report_problem": "20/h/key",
        "invite_person": "30/h/key",
    }

"""Which columns of a list mean what: the headings of platforms, spreadsheets and languages."""

import re
import shlex
from collections.abc import Mapping, Sequence

from autograder.errors import AutograderError
from autograder.names import listed, visible
from autograder.term.lists import Table, key

COLUMNS = ("student_id", "first_name", "last_name", "email", "lms_user_id", "section",
           "github_username")
# headings by our column, the most telling first; Canvas, Moodle (English, German, French, Spanish,
# Italian, Dutch, Portuguese), Blackboard, Brightspace, Gradescope, Google and GitHub Classroom
EMAIL = ("email", "Email address", "E-Mail-Adresse", "Mailadresse", "Adresse de courriel",
         "Adresse courriel", "Adresse mail", "Courriel", "Dirección de correo",
         "Dirección Email", "Correo electrónico", "Correo", "Indirizzo email", "E-mailadres",
         "Endereço de email", "Mail", "E-Mail (dienstlich)")
GITHUB = ("github_username", "GitHub login", "GitHub")
# without a comma, what is before the first space is the last name
LAST_FIRST = ("Last name / First name", "Surname / First name", "Nachname / Vorname",
              "Name / Vorname")
HEADINGS = {
    "student_id": (
        "SIS Login ID", "Login ID",
        "ID number", "ID-Nummer", "Matrikelnummer", "Matrikel-Nr.", "Matr.-Nr.", "Matrikel",
        "Matriculation number", "Registration number", "Numéro d'identification",
        "Número de ID", "Número de identificación", "Numero ID", "Codice identificativo",
        "Matricola", "Número de identificação", "Matrícula",
        "Username", "Anmeldename", "Benutzername", "Nutzername", "Nutzerkennung", "Kennung",
        "Login", "Nom d'utilisateur", "Nombre de usuario", "Nome utente", "Gebruikersnaam",
        "Nome de usuário", "NetID", "uid",
        "SIS User ID", "User ID", "OrgDefinedId", "SID", "StudentID", "Student number",
        "Student no.", "Studentnummer", "UIN", "Roll number", "Roll no.", "Enrolment number",
        "Enrollment number", "学号", "學號", "学籍番号", "학번",
        "identifier", *GITHUB, *EMAIL, "ID"),
    "first_name": ("first_name", "Given name", "Given names", "Forename", "Vorname", "Prénom",
                   "Nombre", "Nome", "Voornaam", "Rufname"),
    "last_name": ("last_name", "Surname", "Family name", "Nachname", "Familienname",
                  "Nom de famille", "Apellido(s)", "Apellido", "Apellidos", "Cognome",
                  "Achternaam", "Sobrenome", "Apelido"),
    "name": ("Student", "Full name", "Name", "Student name", "Display name", "Sortable name",
             "First name / Last name", "First name / Surname", "Vollständiger Name",
             "Vorname / Nachname", "Nom complet", "Nombre completo", "Nome completo",
             "Volledige naam", "Nom", "Naam", "姓名", "氏名", "이름",
             *LAST_FIRST),
    "email": EMAIL,
    "lms_user_id": ("lms_user_id", "ID"),
    "section": ("section", "sections", "Groups", "Group", "Gruppen", "Gruppe", "Groupes",
                "Grupos", "Gruppi", "Groepen"),
    "github_username": GITHUB,
    "role": ("Role", "Roles", "Rolle", "Rollen"),
}
KEYS = {ours: tuple(dict.fromkeys(map(key, theirs))) for ours, theirs in HEADINGS.items()}
KNOWN = frozenset(one for theirs in KEYS.values() for one in theirs)
NAMED = frozenset(KEYS["first_name"] + KEYS["last_name"] + KEYS["name"])


def parsed_columns(options: Sequence[str]) -> dict[str, str]:
    """What `--columns ours="theirs"` says: their heading by our column.

    Raises
    ------
    AutograderError
        It is not of that form, or names a column that we do not have, or one twice.
    """
    found = {}
    for option in options:
        ours, _, theirs = (part.strip() for part in option.partition("="))
        if ours not in (*COLUMNS, "name") or not key(theirs.strip("\"'")):
            raise AutograderError(
                f"--columns {visible(option)}: write it as student_id=\"their heading\"; what can "
                f"be named is {', '.join((*COLUMNS, 'name'))}")
        if ours in found:
            raise AutograderError(f"--columns: {ours} is named twice: name one column")
        found[ours] = theirs.strip("\"'")
    return found


def find_columns(table: Table, named: Mapping[str, str]) -> dict[str, list[int]]:
    """Where each of our columns is in a table, the most telling first.

    Parameters
    ----------
    named : headings by our column, as a person gave them

    Raises
    ------
    AutograderError
        None tells students apart, or one that was named is not there.
    """
    places: dict[str, int] = {}
    for place, heading in enumerate(table.headings):
        places.setdefault(key(heading), place)  # an assignment may have a platform's heading
    found = {ours: [places[one] for one in theirs if one in places]
             for ours, theirs in KEYS.items()}
    for ours, theirs in named.items():
        if key(theirs) not in places:
            raise AutograderError(f"{table.path}: line {table.line} has the columns "
                                  f"{_quoted(table)}: none is called \"{visible(theirs)}\": "
                                  "correct --columns")
        found[ours] = [places[key(theirs)]]
    if "student_id" not in named:
        found["student_id"] = _id_columns(table, places)
    if found["name"] and found["first_name"] and not found["last_name"]:
        # `Name, Vorname` in two columns; a full name there is seen by the first name in it
        found["last_name"], found["name"] = found["name"], []
    if not found["student_id"]:
        headings = [heading for heading in table.headings if heading]
        example = headings[0] if len(headings) > 1 else "Matrikelnummer"
        raise AutograderError(
            f"{table.path}: line {table.line} has the columns {_quoted(table)}: none tells "
            "students apart. Is there a title line above, or no heading line? Name yours: "
            f"{columns_option('student_id', example)}")
    return found


def is_ours(table: Table) -> bool:
    """Whether it is a list as we write it; `Student ID` is Blackboard's."""
    return "student_id" in map(str.casefold, table.headings)


def columns_option(ours: str, theirs: str) -> str:
    """The option that names a column, as a person can type it."""
    theirs = visible(" ".join(theirs.split()))  # spaces do not count
    plain = re.fullmatch(r"[\w .,/()#'-]+", theirs)
    return "--columns " + (f'{ours}="{theirs}"' if plain else shlex.quote(f"{ours}={theirs}"))


def _id_columns(table: Table, places: Mapping[str, int]) -> list[int]:
    keys = list(KEYS["student_id"])
    if is_ours(table):  # nothing stands in for a cell that a person left empty there
        return [places[key("student_id")]]
    if not {key("github_username"), key("github_id")} & places.keys():
        keys.remove("identifier")  # Moodle's: the number of a participant in one assignment
    return [places[one] for one in keys if one in places]


def _quoted(table: Table) -> str:
    return listed([f'"{visible(heading, 40)}"' for heading in table.headings if heading]) or "-"

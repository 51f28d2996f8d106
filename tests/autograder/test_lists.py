"""Lists of students as platforms and people write them: read, or refused in a line."""

import io
import zipfile

import pytest
import toy
from ta import autograder

from autograder.errors import AutograderError
from autograder.term.columns import columns_option, parsed_columns
from autograder.term.course import Course
from autograder.term.init_term import begin
from autograder.term.lists import clean, guarded, key
from autograder.term.roster import MAX_ODD, OddLines, read_list, read_rows

HEX = "3f786850e387550fdab836ed7e6dc881de23001b"
CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,hw1 (1)\n"
SPLIT = "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section,hw1 (1)\n"
POINTS = "    Points Possible,,,,,10\n"
ADA = '"Lovelace, Ada",101,u1,ada,S1,4\n'
TEST_STUDENT = "as it is Canvas's test student"


def people(*rows):
    """What a list is to give: id, first and last name of each."""
    return [tuple(row.split("/")) for row in rows]


READ = {  # a list, its students, and a word of each note
    "Canvas": (CANVAS + POINTS + ADA, people("ada/Ada/Lovelace"), []),
    "Canvas, posted by hand": (CANVAS + ",,,,,Manual Posting\n" + POINTS + ADA,
                               people("ada/Ada/Lovelace"), []),
    "Canvas in German": (CANVAS + "    Mögliche Punkte,,,,,10\n" + ADA,
                         people("ada/Ada/Lovelace"), []),
    "Canvas, its test student with a login": (
        CANVAS + ADA + f'"Student, Test",99,,{HEX},S1,\n', people("ada/Ada/Lovelace"),
        [TEST_STUDENT]),
    "Canvas, its test student without": (
        CANVAS + ADA + '"Student, Test",99,,,S1,\n', people("ada/Ada/Lovelace"), [TEST_STUDENT]),
    "Canvas, its test student first": (
        CANVAS + f"Test Student,99,,{HEX},S1,\n" + ADA, people("ada/Ada/Lovelace"),
        [TEST_STUDENT]),
    "Canvas, names apart": (
        SPLIT + "    Points Possible,,,,,,10\nLovelace,Ada,101,u1,ada,S1,4\n"
        f"Student,Test,99,,{HEX},S1,\n", people("ada/Ada/Lovelace"), [TEST_STUDENT]),
    "Canvas, a login is missing": (
        CANVAS + ADA + '"Guest, Bo",102,u2,,S1,\n', people("ada/Ada/Lovelace", "u2/Bo/Guest"),
        ["ids are mixed: they are from the column SIS Login ID, but those of u2 from SIS User ID"]),
    "Canvas, both are missing": (
        CANVAS + ADA + '"Guest, Bo",102,,,S1,\n', people("ada/Ada/Lovelace", "102/Bo/Guest"),
        ["those of 102 from ID"]),
    "Canvas, three columns": (
        CANVAS + '"A, A",1,,,S,\n"B, B",2,u2,,S,\n"C, C",3,,c,S,\n',
        people("1/A/A", "u2/B/B", "c/C/C"),
        ["the column SIS Login ID, but those of 1 from ID and those of u2 from SIS User ID"]),
    "Canvas without SIS": ('Student,ID,Section,hw1\n"Lovelace, Ada",101,S1,4\n',
                           people("101/Ada/Lovelace"), []),
    "Canvas with semicolons": (
        'Student;ID;SIS Login ID;Section;Hw 1, the first, of many, (1);Hw 2, x (2)\n'
        "Lovelace, Ada;101;ada;S1;4;5\n", people("ada/Ada/Lovelace"), []),
    "Canvas with an assignment called ID": (
        'Student,ID,SIS Login ID,Section,ID,Email\n"Lovelace, Ada",101,ada,S1,5,6\n',
        people("ada/Ada/Lovelace"), []),
    "Canvas's users": ("user_id,login_id,first_name,last_name,email,status\n"
                       "u1,ada,Ada,Lovelace,a@x.org,active\n", people("ada/Ada/Lovelace"), []),
    "Moodle's participants": (
        '\ufeff"First name","Last name","ID number","Email address",Groups\n'
        "Ada,Lovelace,77,a@x.org,\"A, B\"\n", people("77/Ada/Lovelace"), []),
    "Moodle, an id number is missing": (
        "First name,Last name,ID number,Email address\nAda,Lovelace,77,a@x.org\n"
        "Søren,O'Brien,,s@x.org\n", people("77/Ada/Lovelace", "s@x.org/Søren/O'Brien"),
        ["s@x.org"]),
    "Moodle, id numbers and usernames": (
        "First name,Last name,Username,ID number\nAda,Lovelace,ada,77\nBo,Li,bo,-\n",
        people("77/Ada/Lovelace", "bo/Bo/Li"), ["those of bo from Username"]),
    "Moodle, joined names": ("First name / Last name,Email address\nAda King Lovelace,a@x.org\n",
                             people("a@x.org/Ada King/Lovelace"), []),
    "Moodle, last names first": ("Last name / First name,Username\nLovelace Ada King,ada\n",
                                 people("ada/Ada King/Lovelace"), []),
    "Moodle's worksheet": (
        "Identifier,Full name,ID number,Email address,Status,Grade\n"
        "Participant 7,Ada Lovelace,77,a@x.org,-,-\n", people("77/Ada/Lovelace"), []),
    "Moodle in German": (
        "Vorname;Nachname;Anmeldename;E-Mail-Adresse;Gruppen\nAda;Lovelace;ada;a@x.org;G1\n",
        people("ada/Ada/Lovelace"), []),
    "Moodle in German, numbers": (
        "Vorname;Nachname;Anmeldename;Matrikelnummer;E-Mail\nAda;Lovelace;ada;0123;a@x.org\n",
        people("0123/Ada/Lovelace"), []),
    "Moodle's worksheet in German": (
        "ID,Vollständiger Name,E-Mail-Adresse,Status\nTeilnehmer/in7,Ada Lovelace,a@x.org,-\n",
        people("a@x.org/Ada/Lovelace"), []),
    "Moodle in French": ("Prénom,Nom,Numéro d'identification,Adresse de courriel\n"
                         "Ada,Lovelace,77,a@x.org\n", people("77/Ada/Lovelace"), []),
    "Moodle in Spanish": ("Nombre,Apellido(s),Número de ID,Dirección de correo\n"
                          "Ada,Lovelace,77,a@x.org\n", people("77/Ada/Lovelace"), []),
    "Name and Vorname": ("Name;Vorname;Matrikel-Nr.\nLovelace;Ada;77\n",
                         people("77/Ada/Lovelace"), []),
    "a full name beside the first": ("Name,First name,SID\nAda Lovelace,Ada,77\n",
                                     people("77/Ada/Lovelace"), []),
    "Nachname, Vorname in one": ('"Nachname, Vorname",Kennung\n"Lovelace, Ada",ada\n',
                                 people("ada/Ada/Lovelace"), []),
    "Blackboard": (
        '"Last Name","First Name","Username","Student ID","Last Access","Availability"\n'
        '"Lovelace","Ada","ada","77","","Yes"\n"Lee_PreviewUser","Bo","bo_previewuser","","",""\n',
        people("ada/Ada/Lovelace"), ["preview user"]),
    "Blackboard, a username is missing": (
        "Last Name\tFirst Name\tUsername\tStudent ID\nLovelace\tAda\t\t77\nLi\tBo\tbo\t78\n"
        "Xu\tCy\tcy\t79\n", people("77/Ada/Lovelace", "bo/Bo/Li", "cy/Cy/Xu"),
        ["those of 77 from Student ID"]),
    "Brightspace": (
        "OrgDefinedId,Last Name,First Name,Email,hw1 Points Grade,End-of-Line Indicator\n"
        "#0077,Lovelace,Ada,a@x.org,4,#\n", people("0077/Ada/Lovelace"), []),
    "Brightspace with usernames": (
        "OrgDefinedId,Username,Last Name,First Name,End-of-Line Indicator\n"
        "#77,#ada,Lovelace,Ada,#\n", people("ada/Ada/Lovelace"), []),
    "Gradescope": ("First Name,Last Name,SID,Email,Sections\nAda,Lovelace,77,a@x.org,S1\n"
                   "Rick,Ho,,r@x.org,S1\n", people("77/Ada/Lovelace", "r@x.org/Rick/Ho"),
                   ["r@x.org"]),
    "Gradescope with staff": (
        "Name,SID,Email,Role\nAda Lovelace,77,a@x.org,Student\nBo Li,,b@x.org,Instructor\n"
        "Cy Xu,78,c@x.org,TA\n", people("77/Ada/Lovelace"), ["Bo Li (line 3)", "Cy Xu"]),
    "Google Classroom": (
        "Last Name,First Name,Email Address,hw1\nDate,,,2026-10-01\nPoints,,,10\n"
        "Lovelace,Ada,a@x.org,4\n,Class average,,4\n", people("a@x.org/Ada/Lovelace"), []),
    "GitHub Classroom": (
        '"identifier","github_username","github_id","name"\n"77","AdaL","9","Ada Lovelace"\n'
        '"78","","",""\n', people("77/Ada/Lovelace", "78//"), []),
    "GitHub Classroom, no identifier": (
        '"identifier","github_username","github_id","name"\n"","AdaL","9",""\n"78","bo","",""\n'
        '"79","","",""\n', people("AdaL//", "78//", "79//"),
        ["those of AdaL from github_username"]),
    "a title above": ("Course roster CS 231\n\nExported 2026-10-01, by ta\nName,SID\nAda L,77\n",
                      people("77/Ada/L"), []),
    "titles with semicolons above": ("Roster; CS 231; autumn; x; y\nName,SID\nAda L,77\n",
                                     people("77/Ada/L"), []),
    "an empty first line": ("\n\n  \nName,SID\nAda L,77\n", people("77/Ada/L"), []),
    "a line of separators first": (",,\nName,SID,\nAda L,77,\n", people("77/Ada/L"), []),
    "sep=": ("sep=;\nName;SID;Hw 1, 2, 3\nAda L;77;1\n", people("77/Ada/L"), []),
    "sep= in quotes": ('"sep=|"\nName|SID\nAda L|77\n', people("77/Ada/L"), []),
    "tabs with commas": ("Name\tSID\tHw 1, a, b, c\nL, Ada\t77\t1\n", people("77/Ada/L"), []),
    "old Mac's lines": ("Name,SID\rAda L,77\rBo Li,78\r", people("77/Ada/L", "78/Bo/Li"), []),
    "Windows's lines": ("Name,SID\r\nAda L,77\r\n", people("77/Ada/L"), []),
    "headings in capitals, spaces around": (
        " STUDENT-ID , LAST_NAME ,first  name\n 77 , L , Ada \n", people("77/Ada/L"), []),
    "two marks of UTF-8": ('\ufeff\ufeff"Name","SID"\nAda L,77\n', people("77/Ada/L"), []),
    "unseen signs": ("Name,\u200bSID\nAda L,\u200e77\u200b\nBo L,\xa078\xa0\n",
                     people("77/Ada/L", "78/Bo/L"), []),
    "Excel's way to keep zeros": ('Name,SID\nAda L,"=""0077"""\nBo L,="0078"\n',
                                  people("0077/Ada/L", "0078/Bo/L"), []),
    "names under a heading that nobody knows": (
        "SID,Wer\n77,Ada L\n", people("77//"),
        ['no names are known, by which files are told whose they are: if one of Wer has them, '
         'name it: --columns name="Wer"']),
    "User ID": ("User ID,Name\nada,Ada L\n", people("ada/Ada/L"), []),
    "one column": ("student_id\nada\nbo\n", people("ada//", "bo//"), []),
    "lines of separators below": ("Name,SID\nAda L,77\n,,\n\n", people("77/Ada/L"), []),
    "odd ids": ("SID\njane+uni@example.org\nmüller\nanna smith\no'brien9@uni.edu\n王芳\nสมชาย\n",
                people("jane+uni@example.org//", "müller//", "anna smith//",
                       "o'brien9@uni.edu//", "王芳//", "สมชาย//"), []),
    "an id in parts": ("SID\nmu\u0308ller\n", people("müller//"), []),
    "two spaces in an id": ("SID\nanna  smith\n", people("anna smith//"), []),
    "a list with its heading twice": ("SID,Name\n77,Ada L\nSID,Name\n78,Bo L\n",
                                      people("77/Ada/L", "78/Bo/L"), []),
    "letters read wrongly before": ("SID,Name\n77,BjÃ¶rn Ã˜stergÃ¥rd\n78,Zo\ufffd L\n",
                                    people("77/BjÃ¶rn/Ã˜stergÃ¥rd", "78/Zo\ufffd/L"),
                                    ["as in BjÃ¶rn, Ã˜stergÃ¥rd, Zo"]),
    "names with Â and Ã": ("SID,Name\n77,Ângela São Ãnde\n", people("77/Ângela São/Ãnde"), []),
    "Chinese headings": ("学号,姓名\n77,王芳\n", people("77//王芳"), []),
    "a test student of our own": ("student_id,first_name,last_name\nt1,Test,Student\n",
                                  people("t1/Test/Student"), []),
    "Canvas's in a list of our own": (
        f"student_id,first_name,last_name\nt1,A,B\n{HEX},Test,Student\n", people("t1/A/B"),
        [TEST_STUDENT]),
}


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


@pytest.mark.parametrize("name", READ)
def test_lists_that_are_read(tmp_path, name):
    text, expected, said = READ[name]
    found = read_list(write(tmp_path, text))
    assert [(s, row["first_name"], row["last_name"])
            for s, row in found.students.items()] == expected
    assert len(found.notes) == len(said) and not any("\n" in note for note in found.notes)
    assert all(word in note for word, note in zip(said, found.notes))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be",
                                      "utf-32"])
def test_encodings_that_can_be_told(tmp_path, encoding):
    found = read_list(write(tmp_path, "Name;SID\nBjörn Østergård;77\n王 芳;78\n", encoding))
    assert [row["last_name"] for row in found.students.values()] == ["Østergård", "芳"]
    assert not found.notes


def test_what_excel_saves_is_read_and_said(tmp_path):
    found = read_list(write(tmp_path, "Name;SID\nBjörn Østergård;müller\nZoë O’Neil;2\n", "cp1252"))
    assert found.students["müller"]["last_name"] == "Østergård"
    assert len(found.notes) == 1 and "see that Björn, Østergård, müller, Zoë," in found.notes[0]


@pytest.mark.parametrize("text, encoding", [
    ("Name,SID\nИван Петров,77\n", "cp1251"), ("Name,SID\nΑθηνά,77\n", "cp1253"),
    ("Name,SID\n山田 太郎,77\n", "shift-jis"), ("Name,SID\n王芳 李娜,77\n", "gbk"),
    ("Name,SID\n王芳 李娜,77\n", "big5"), ("Name,SID\nJosé Müller,77\n", "mac-roman"),
    ("Name,SID\nJäger,77\n", "mac-roman"), ("Name,SID\nDíaz,77\n", "mac-roman"),
    ("Name,SID\nStraße,77\n", "mac-roman"),
    ("Name,SID\nŁukasz Wójcik,77\n", "cp1250"), ("Name,SID\nAndré,77\n", "cp437")])
def test_an_encoding_that_cannot_be_told_is_refused(tmp_path, text, encoding):
    with pytest.raises(AutograderError, match="line 2: .*its encoding cannot be told: save it"):
        read_list(write(tmp_path, text, encoding))


def packed(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


REFUSED = {  # a list, and what is said
    "nothing": ("", "is empty"),
    "only spaces": (" \n\n", "is empty"),
    "a workbook": (packed("xl/workbook.xml"), "is an Excel workbook (.xlsx) and no CSV: open it in"
                                              ' a spreadsheet and save it as "CSV UTF-8"'),
    "another zip": (packed("a.ipynb"), "is a zip and no CSV"),
    "OpenDocument": (packed("mimetype", "content.xml"), "is an OpenDocument file and no CSV"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", "is an old Excel workbook (.xls)"),
    "a PDF": (b"%PDF-1.7\n", "is a PDF"),
    "a web page": ("\n<!DOCTYPE html><html>SID,Name</html>", "is a web page"),
    "zero bytes": (b"SID\nada\0\nbob\n" + b"x" * 99, "holds NUL bytes"),
    "UTF-16 cut short": ("SID\nada".encode("utf-16") + b"\0", "is damaged"),
    "no heading": ("77,Ada\n78,Bo\n", 'line 1 has the columns "77", "Ada": none tells'),
    "a title only": ("Course roster CS 231\n", 'line 1 has the columns "Course roster CS 231": '
                     "none tells students apart. Is there a title line above, or no heading line? "
                     'Name yours: --columns student_id="Matrikelnummer"'),
    "headings that nobody knows": ("Roster\nKürzel;Wer\nada;Ada\n", 'line 2 has the columns '
                                   '"Kürzel", "Wer": none tells students apart. Is there a title '
                                   "line above, or no heading line? Name yours: --columns "
                                   'student_id="Kürzel"'),
    "no students": ("Name,SID\n", "has no student"),
    "the test student only": (CANVAS + f'"Student, Test",99,,{HEX},S1,\n', "has no student"),
    "no id at all": (
        'Student,SIS User ID,SIS Login ID\n"O\'Brien, Søren",,\n',
        "line 2 (Søren O'Brien): has neither SIS Login ID nor SIS User ID: fill one in"),
    "no id in a list of our own": ("student_id,first_name,email\n,Ada,a@x.org\n",
                                   "line 2 (Ada): has no student_id: fill it in"),
    "none of three": ("First name,ID number,Username,Email address\nAda,,-,n/a\n",
                      "line 2 (Ada): has none of ID number, Username, Email address: fill one in"),
    "a student under a heading that nobody knows": ("SID,Wer\n77,Ada\n,Bo\n",
                                                    "line 3: has no SID: fill it in"),
    "a student with spaces in front": (
        "Student,SID\n    Ada L,\n", "line 2 (Ada L): has no SID: fill it in"),
    "no SID": ("Name,SID\nAda L,\n", "line 2 (Ada L): has no SID: fill it in"),
    "a group without a person": ("SID,Groups\n77,A\n,B\n", "line 3: has no SID"),
    "the same twice": ("Name,SID\nAda L,77\nBo L,77\n",
                       "line 3 (Bo L): 77 is there twice (line 2): delete one of the lines"),
    "another case": ("SID\nada\nAda\n", "Ada and ada (line 2) differ by case only"),
    "another Unicode form": ("SID\nada\nａｄａ\n", "differ by Unicode form only"),
    "two forms of ü": ("SID\nmüller\nmu\u0308ller\n", "müller is there twice (line 2)"),
    "ß and ss": ("SID\nstrauß\nSTRAUSS\n", "differ by case only"),
    "the same in two columns": (CANVAS + ADA + '"Guest, Bo",102,ada,,S1,\n',
                                "line 3 (Bo Guest): ada is there twice (line 2)"),
    "one number for two": ("student_id,lms_user_id\nada,7\nbo,7\n",
                           "line 3: has the platform's number 7, as ada has (line 2)"),
    "a line whose cells moved": ("Name,SID,Email\nAda L,,77\n", "line 2 (Ada L): has neither SID "
                                 "nor Email: fill one in"),
    "a number with a decimal": ("SID\n77.0\n", "'77.0' is a number that a program gave a decimal: "
                                                "write 77"),
    "a number cut short": ("Name,SID\nAda L,1.23457E+11\n", "that a spreadsheet cut short"),
    "Canvas's number cut short": (CANVAS + '"L, Ada",1E+13,u1,ada,S1,\n', "cut short"),
    "a path": (CANVAS + '"L, Ada",101,u1,uni/ada,S1,\n', "'uni/ada' is not a student id, which "
               "names a folder (letters, digits, spaces and . _ @ + ' - only, a letter or digit "
               'first): correct the line, or use --columns student_id="SIS User ID"'),
    "a device": ("SID,Email\nCON,c@x.org\n", "'CON' names a device on Windows, so that no folder "
                 'can have it: use another id, such as CON-1, or use --columns student_id="Email"'),
    "a formula": ("SID\n=cmd\n", "'=cmd' is not a student id"),
    "an at sign first": ("SID\n@ada\n", "'@ada' is not a student id"),
    "a dash first": ("SID\n-rf\n", "'-rf' is not a student id"),
    "a dot first": ("SID\n.ssh\n", "'.ssh' is not a student id"),
    "two dots": ("SID\n..\n", "'..' is not a student id"),
    "a dot at the end": ("SID\nada.\n", "'ada.' ends in a dot"),
    "a control character": ("SID\na\x07da\n", "'a\\x07da' is not a student id"),
    "a turned text": ("SID\na\u202eda\n", "'a\\u202eda' is not a student id"),
    "a letter that is not seen": ("SID\na\u3164da\n", "is not a student id"),
    "a pattern": ("SID\na*[b]\n", "'a*[b]' is not a student id"),
    "a long id of other letters": ("SID\n" + "王" * 34 + "\n", "counts as two or more"),
    "a comma in a name": ("Name,SID,Email\nL, Ada,77,a@x.org\nBo L,78,b@x.org\n",
                          "has 4 cells and the heading 3: put quotation marks around"),
    "a quotation mark left open": ('Name,SID\n"Ada L,77\nBo L,78\n', "line 2: cannot be read"),
    "lines in a quotation mark": ('SID,section\n77,"A\n78,B"\n', "line 2: cannot be read as CSV"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_lists_that_are_refused_in_one_line(tmp_path, name):
    text, said = REFUSED[name]
    path = write(tmp_path, text)
    with pytest.raises(AutograderError) as error:
        read_list(path)
    assert said in str(error.value) and "\n" not in str(error.value)
    assert str(error.value).startswith(str(path)) and len(str(error.value)) < 500


def test_every_line_that_is_odd_is_told(tmp_path):
    text = "Name,SID\nAda L,77\n" + "".join(f"N{n} L,\n" for n in range(MAX_ODD + 1))
    with pytest.raises(OddLines) as error:
        read_list(write(tmp_path, text))
    assert len(error.value.lines) == MAX_ODD + 1
    assert error.value.lines[0].endswith("list.csv, line 3 (N0 L): has no SID: fill it in")
    assert error.value.lines[-1].endswith("list.csv: and 1 lines more")
    assert "line 3 (N0 L)" in str(error.value) and "and 16 more" in str(error.value)


def test_columns_of_any_list(tmp_path):
    path = write(tmp_path, "Liste,,\nKürzel,Wer,Wo\nada,Ada L,A1\n")
    columns = parsed_columns(["student_id=kürzel", 'name="Wer"', "section = WO"])
    row = read_list(path, columns).students["ada"]
    assert (row["first_name"], row["last_name"], row["section"]) == ("Ada", "L", "A1")
    with pytest.raises(AutograderError, match='line 2 has the columns "Kürzel", "Wer", "Wo": none '
                       'is called "Wann": correct --columns'):
        read_list(path, {"student_id": "Kürzel", "email": "Wann"})
    # what a person named is not made good by another column
    path = write(tmp_path, "SIS Login ID,SIS User ID,Name\nada,u1,Ada\nbo,,Bo\n")
    with pytest.raises(AutograderError, match=r"line 3 \(Bo\): has no SIS User ID: fill it in"):
        read_list(path, {"student_id": "SIS User ID"})


@pytest.mark.parametrize("options, said", [
    (["student_id"], "write it as student_id="), (["id=x"], "what can be named is student_id, "),
    (["student_id= "], "write it as"), (["email=a", "email=b"], "email is named twice")])
def test_columns_that_cannot_be_named(options, said):
    with pytest.raises(AutograderError, match="--columns") as error:
        parsed_columns(options)
    assert said in str(error.value)


def test_who_is_known_keeps_the_id(tmp_path):
    text = CANVAS + ADA + '"Guest, Bo",102,u2,bo,S1,\n'
    before = {"u2": {"first_name": "Bo", "last_name": "Guest"}, "ADA": {}}
    found = read_list(write(tmp_path, text), before=before)
    assert list(found.students) == ["ADA", "u2"]  # a folder's name stays as it is
    assert "but those of u2 from SIS User ID" in found.notes[0]
    assert list(read_list(write(tmp_path, text), {"student_id": "SIS Login ID"},
                          before=before).students) == ["ADA", "bo"]
    # another's number that is equal to an id is no id of theirs
    assert list(read_list(write(tmp_path, CANVAS + '"Guest, Bo",u2,77,bo,S1,\n'), before={
        "77": {"first_name": "Di", "last_name": "Xu", "email": "d@x.org"}}).students) == ["bo"]


@pytest.mark.parametrize("text, section, number, account", [
    (CANVAS + ADA, "S1", "101", ""), ("SID,Sections\n77,S2\n", "S2", "", ""),
    ("Nachname;Gruppen;SID\nL;Ü1;77\n", "Ü1", "", ""), ("ID,Name\n77,Ada\n", "", "", ""),
    ('Student,ID,Section\n"L, Ada",101,S\n', "S", "101", ""), ("SID,ID\n77,x9\n", "", "", ""),
    ("identifier,github_username,name\n77,AdaL,Ada\n", "", "", "AdaL")])
def test_the_other_columns(tmp_path, text, section, number, account):
    row, = read_list(write(tmp_path, text)).students.values()
    assert (row["section"], row["lms_user_id"], row["github_username"]) == (
        section, number, account)


def test_rows_of_any_table(tmp_path):
    path = write(tmp_path, "sep=;\nTimes of hw1\nstudent_id;submitted;submitted\n ada ;1;2\nbo\n")
    assert read_rows(path) == [(4, {"student_id": "ada", "submitted": "1"}),
                               (5, {"student_id": "bo"})]
    with pytest.raises(AutograderError, match="no such file"):
        read_rows(tmp_path / "none.csv")
    with pytest.raises(AutograderError, match="cannot be read as CSV"):
        read_rows(tmp_path)


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "＝1", "a=1", "", "'", "'a"])
def test_a_guarded_cell_comes_back(cell):
    assert clean(guarded(cell)) == cell
    assert guarded(cell)[:1] not in tuple("=+-@＝")


def test_headings_and_options():
    assert key("First-Name") == key("first_name") == key(' "FirstName" ') == "firstname"
    assert columns_option("email", "E-Mail (Uni)") == '--columns email="E-Mail (Uni)"'
    assert columns_option("email", "$(rm)`") == "--columns 'email=$(rm)`'"


# -- a class that changes, and ids that are odd, all the way

def test_a_class_that_changes_loses_nothing(tmp_path):
    root = tmp_path / "autumn"
    begin(root, write(tmp_path, CANVAS + ADA + '"Guest, Bo",102,u2,,S2,\n"=Xu, Cy",103,,cy,S1,\n'),
          "", "UTC")
    assert "\ncy,Cy,'=Xu,,103,S1,\n" in (root / "roster.csv").read_text().replace("\r", "")
    assert Course(root).roster()["cy"]["last_name"] == "=Xu"
    done = begin(root, write(
        tmp_path, "Student,ID,SIS User ID,SIS Login ID\n"
        '"King, Ada",101,u1,ADA\n"Guest, Bo",102,u2,bo\n"Di, Ed",104,u4,ed\n'), None, None)
    assert done == [
        "ids are mixed: they are from the column SIS Login ID, but those of u2 from SIS User ID",
        f"wrote {root / 'roster.csv'}: 3 students by their SIS Login ID, 1 of them new",
        "changed names: ada (Ada Lovelace, now Ada King)",
        "no longer listed, their work is kept: cy"]
    roster = Course(root).roster()
    assert {s: row["section"] for s, row in roster.items()} == {"ada": "S1", "u2": "S2", "ed": ""}


def test_a_list_of_nobody_known_changes_nothing(tmp_path):
    begin(tmp_path / "autumn", write(tmp_path, "SID\nada\n"), "", "UTC")
    before = (tmp_path / "autumn" / "roster.csv").read_bytes()
    with pytest.raises(AutograderError, match="list.csv: has none of the 1 students of "):
        begin(tmp_path / "autumn", write(tmp_path, "SID\na@x.org\n"), "", "UTC")
    assert (tmp_path / "autumn" / "roster.csv").read_bytes() == before


def test_the_command_says_each_odd_line_and_writes_nothing(tmp_path):
    write(tmp_path, "Kürzel,Name\n,Søren O'Brien\nada,Ada L\n../x,Bo L\n")
    done = autograder(tmp_path, "--root", "autumn", "init", "list.csv",
                      "--columns", 'student_id="Kürzel"', fine=(1,))
    first, second = done.stderr.splitlines()
    assert first == "list.csv, line 2 (Søren O'Brien): has no Kürzel: fill it in"
    assert second.startswith("list.csv, line 4 (Bo L): '../x' is not a student id")
    assert not done.stdout and not (tmp_path / "autumn").exists()
    done = autograder(tmp_path, "--root", "autumn", "init", "list.csv", fine=(2,))
    assert len(done.stderr.splitlines()) == 1 and '--columns student_id="Kürzel"' in done.stderr


def test_odd_ids_all_the_way(tmp_path, unsafe):
    ids = ["jane+uni@example.org", "müller", "anna smith", "o'brien9@uni.edu", "王芳"]
    toy.write_course(tmp_path)
    write(tmp_path, CANVAS + "".join(f'"L{n}, F",{n},,{i},S{n},\n' for n, i in enumerate(ids)))
    autograder(tmp_path, "init", "list.csv")
    autograder(tmp_path, "release", "toy")
    for student in ids:
        (tmp_path / "in" / student).mkdir(parents=True)
        (tmp_path / "in" / student / "toy.ipynb").write_bytes(toy.as_bytes(toy.source()))
    autograder(tmp_path, "collect", "toy", "in")
    autograder(tmp_path, "grade", "toy", *unsafe)
    autograder(tmp_path, "feedback", "toy", "--zip", "all.zip")
    autograder(tmp_path, "export", "toy")
    assert sorted(zipfile.ZipFile(tmp_path / "all.zip").namelist()) == sorted(
        f"{student}/toy.html" for student in ids)
    grades = (tmp_path / "exports" / "toy.csv").read_text()
    assert all(f"\n{student},L" in grades for student in ids) and grades.count(",graded,") == 5
    canvas = (tmp_path / "exports" / "canvas" / "toy.csv").read_text()
    assert '"L2, F",2,,,S2,5.0' in canvas

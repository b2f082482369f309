"""`manage.py backup` and `restore`: the database and the files in one archive that proves itself."""

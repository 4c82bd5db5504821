-- the original issues every token with admin=true, and its gateway insists on it: its users keep that, new ones don't get it
ALTER TABLE user ADD COLUMN admin BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE user ALTER COLUMN admin SET DEFAULT FALSE;

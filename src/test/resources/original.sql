-- the original's init.sql, but for the host from which its user may come: our migrations have to start from here
CREATE USER 'auth_user'@'127.0.0.1' IDENTIFIED BY 'Auth123';
CREATE USER 'auth_user'@'localhost' IDENTIFIED BY 'Auth123';
CREATE DATABASE auth;
GRANT ALL PRIVILEGES ON auth.* TO 'auth_user'@'127.0.0.1';
GRANT ALL PRIVILEGES ON auth.* TO 'auth_user'@'localhost';
USE auth;
CREATE TABLE user (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(255) NOT NULL UNIQUE,
  password VARCHAR(255) NOT NULL
);
INSERT INTO user (email, password) VALUES ('georgio@email.com', 'Admin123');

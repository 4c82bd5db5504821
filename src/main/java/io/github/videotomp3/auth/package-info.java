/** Knows who is calling: registers users, checks passwords, issues and verifies tokens. */
package io.github.videotomp3.auth;

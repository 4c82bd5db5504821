package io.github.videotomp3.boot;

import com.mongodb.MongoSecurityException;
import com.mongodb.MongoTimeoutException;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import jakarta.mail.AuthenticationFailedException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/**
 * Says in plain words why a server can't be used, and where to look.
 *
 * @param name the server with its address
 * @param address the settings that hold its address
 * @param login the settings that hold the login
 */
record Complaint(String name, String address, String login) implements Function<Throwable, String> {

    private static final int PRECONDITION_FAILED = 406;
    private static final int UNKNOWN_DATABASE = 1049;
    private static final int NO_ACCESS_TO_DATABASE = 1044;

    @Override
    public String apply(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String words = words(each);
            if (words != null) {
                return name + " " + words;
            }
        }
        return name + " can't be used: " + root(failure) + " (" + address + ")";
    }

    private String words(Throwable failure) {
        if (failure instanceof UnknownHostException) {
            return "has a host name that nobody knows: is it spelt right? (" + address + ")";
        }
        if (failure instanceof ConnectException && !line(failure).contains("timed out")) {
            return "refused the connection: is it listening on that address? (" + address + ")";
        }
        if (isLogin(failure)) {
            return "refused the login: are user and password right? (" + login + ")";
        }
        if (failure instanceof SSLException) {
            return "and we do not agree on encryption: " + root(failure) + " (" + address + ")";
        }
        if (failure instanceof ShutdownSignalException shutdown
                && shutdown.getReason() instanceof AMQP.Channel.Close close
                && close.getReplyCode() == PRECONDITION_FAILED) {
            return "has a queue with other arguments: set queues.type to what it is, or delete it when it is empty ("
                    + close.getReplyText() + ")";
        }
        if (failure instanceof SQLException sql && isWithoutDatabase(sql)) {
            return "has no such database for this user: " + root(sql) + " (" + address + ")";
        }
        return isSilence(failure)
                ? "does not answer: is it running, and does a firewall let us through? (" + address + ")"
                : null;
    }

    private static boolean isLogin(Throwable failure) {
        return failure instanceof AuthenticationFailureException
                || failure instanceof PossibleAuthenticationFailureException
                || failure instanceof MongoSecurityException
                || failure instanceof AuthenticationFailedException
                || failure instanceof SQLException sql && state(sql).startsWith("28");
    }

    private static boolean isSilence(Throwable failure) {
        return failure instanceof SocketTimeoutException
                || failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || failure instanceof TimeoutException
                || failure instanceof MongoTimeoutException
                || failure instanceof SQLTransientConnectionException && failure.getCause() == null;
    }

    private static boolean isWithoutDatabase(SQLException failure) {
        return failure.getErrorCode() == UNKNOWN_DATABASE || failure.getErrorCode() == NO_ACCESS_TO_DATABASE;
    }

    /** Whether waiting may help: the database is away, or does not let us in yet. */
    static boolean isWorthWaiting(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof SQLException sql
                    && (isLogin(sql)
                            || isWithoutDatabase(sql)
                            || isSilence(sql)
                            || state(sql).startsWith("08"))) {
                return true;
            }
        }
        return false;
    }

    private static String state(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }

    static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return line(root);
    }

    /** The first line, for drivers add paragraphs. */
    private static String line(Throwable failure) {
        return failure.getMessage() == null
                ? failure.getClass().getSimpleName()
                : failure.getMessage().lines().findFirst().orElse("");
    }
}

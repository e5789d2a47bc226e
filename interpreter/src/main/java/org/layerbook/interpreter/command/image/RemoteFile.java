package org.layerbook.interpreter.command.image;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.layerbook.engine.concurrent.Interruptible;
import org.layerbook.engine.http.HttpTransport;
import org.layerbook.engine.http.Response;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.interpreter.command.registry.PullCommand;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;

/** What {@code docker import} reads from a URL. Errors have docker's words, which are those of Go's client. */
public final class RemoteFile extends FilterInputStream {
    /** Bytes of what a server says about an error. */
    private static final int MOST_BODY = 2000;

    private static final int BAD_REQUEST = 400;

    private final HttpTransport http;

    private RemoteFile(Response response, HttpTransport http) {
        super(response.body());
        this.http = http;
    }

    /** @throws IOException when it is cancelled */
    public static InputStream open(String address, CommandContext context) throws CommandException, IOException {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            throw fault("invalid URL: " + address);
        }
        if (uri.getHost() == null) {
            throw fault("Get \"" + address + "\": http: no Host in request URL");
        }
        var http = new HttpTransport(context.environment(), Set.of(), RetryPolicy.DEFAULT);
        try {
            Response response = Interruptible.run("download", context.cancellation(), () -> http.get(uri, Map.of()));
            if (response.status() < BAD_REQUEST) {
                return new RemoteFile(response, http);
            }
            String text = new String(response.body().readNBytes(MOST_BODY), StandardCharsets.UTF_8).strip();
            http.close();
            throw fault("failed to GET " + address + " with status " + status(response.status()) + ": " + text);
        } catch (InterruptedIOException e) {
            http.close();
            throw e;
        } catch (IOException e) {
            http.close();
            throw fault("Get \"" + address + "\": " + cause(uri, e));
        }
    }

    @Override
    public void close() throws IOException {
        super.close();
        http.close();
    }

    /** With its reason phrase (RFC 9110, 15). */
    private static String status(int code) {
        String reason = switch (code) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 410 -> "Gone";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "";
        };
        return (code + " " + reason).strip();
    }

    private static CommandException fault(String text) {
        return new CommandException(PullCommand.DAEMON + text, 1);
    }

    private static String cause(URI uri, IOException fault) {
        return switch (fault) {
            case ConnectException unknown
            when isUnresolved(unknown) -> "dial tcp: lookup " + uri.getHost() + ": no such host";
            case ConnectException refused ->
                "dial tcp " + dialled(uri) + ": connect: " + reason(refused, "connection refused");
            case HttpTimeoutException late -> "dial tcp " + dialled(uri) + ": i/o timeout";
            case SSLException plain
            when reason(plain, "").contains("unrecognized ssl message") ->
                "http: server gave HTTP response to HTTPS client";
            case SSLException tls -> "tls: " + reason(tls, "handshake failure");
            case IOException cut
            when cut.getMessage() != null && cut.getMessage().contains("received no bytes") -> "EOF";
            default -> reason(fault, fault.getClass().getSimpleName());
        };
    }

    private static boolean isUnresolved(Throwable fault) {
        for (Throwable each = fault; each != null; each = each.getCause()) {
            if (each instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    /** {@code Network is unreachable (connect failed)} in small letters, without what is Java's. */
    private static String reason(IOException fault, String otherwise) {
        String message = fault.getMessage() == null ? otherwise : fault.getMessage();
        return message.replaceFirst(" \\(.*\\)$", "").toLowerCase(Locale.ROOT);
    }

    /** The address and port that do not answer. */
    private static String dialled(URI uri) {
        try {
            int port = uri.getPort() >= 0 ? uri.getPort() : uri.toURL().getDefaultPort();
            return InetAddress.getByName(uri.getHost()).getHostAddress() + ":" + port;
        } catch (IOException e) {
            return uri.getHost();
        }
    }
}

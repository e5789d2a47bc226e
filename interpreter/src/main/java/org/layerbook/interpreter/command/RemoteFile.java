package org.layerbook.interpreter.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** What {@code docker import} reads from an address. Faults are told in docker's words, which are those of Go's client. */
final class RemoteFile {
    private static final int TIMEOUT_MILLIS = 30_000;
    /** Of what a server says about a failure. */
    private static final int MOST_BODY = 2000;

    private RemoteFile() {}

    static InputStream open(String address) throws CommandException {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            throw fault("not an address: " + address);
        }
        if (uri.getHost() == null) {
            throw fault("Get \"" + address + "\": http: no Host in request URL");
        }
        try {
            var connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(2 * TIMEOUT_MILLIS);
            if (connection.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST) {
                throw fault(
                        "failed to GET " + address + " with status " + status(connection) + ": " + body(connection));
            }
            return connection.getInputStream();
        } catch (IOException e) {
            throw fault("Get \"" + address + "\": " + cause(uri, e));
        }
    }

    /** {@code 404 Not Found}, as the server has put it. */
    private static String status(HttpURLConnection connection) {
        String line = connection.getHeaderField(0);
        return line == null ? "" : line.replaceFirst("^HTTP/\\S+ ", "").strip();
    }

    private static String body(HttpURLConnection connection) throws IOException {
        try (InputStream body = connection.getErrorStream()) {
            return body == null ? "" : new String(body.readNBytes(MOST_BODY), StandardCharsets.UTF_8).strip();
        }
    }

    private static CommandException fault(String text) {
        return new CommandException(PullCommand.DAEMON + text, 1);
    }

    private static String cause(URI uri, IOException fault) {
        return switch (fault) {
            case UnknownHostException unknown -> "dial tcp: lookup " + uri.getHost() + ": no such host";
            case NoRouteToHostException none -> "dial tcp " + dialled(uri) + ": connect: no route to host";
            case ConnectException refused ->
                "dial tcp " + dialled(uri) + ": connect: " + reason(refused, "connection refused");
            case SocketTimeoutException late -> "dial tcp " + dialled(uri) + ": i/o timeout";
            case SSLException plain
            when "Unsupported or unrecognized SSL message".equals(plain.getMessage()) ->
                "http: server gave HTTP response to HTTPS client";
            case SSLException tls -> "tls: " + reason(tls, "handshake failure");
            case ProtocolException other ->
                "net/http: HTTP/1.x transport connection broken: " + reason(other, "malformed");
            case SocketException broken
            when broken.getMessage() != null && broken.getMessage().startsWith("Unexpected end") -> "EOF";
            default -> reason(fault, fault.getClass().getSimpleName());
        };
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

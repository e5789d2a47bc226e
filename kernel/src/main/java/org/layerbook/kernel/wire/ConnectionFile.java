package org.layerbook.kernel.wire;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.dflib.jjava.jupyter.kernel.KernelConnectionProperties;
import org.dflib.jjava.jupyter.messages.HMACGenerator;

/**
 * What the front-end wrote into the connection file: where to listen and how to sign.
 *
 * @param curve the key pair (Z85) when the front-end wants the transport encrypted
 */
public record ConnectionFile(KernelConnectionProperties properties, Optional<CurveKeys> curve) {
    record CurveKeys(String publicKey, String secretKey) {}

    /** @throws IOException with a sentence for the user when the file cannot be read or asks for what is not there */
    public static ConnectionFile read(Path file) throws IOException {
        String text = Files.readString(file);
        try {
            return parse(text);
        } catch (JsonParseException | NumberFormatException e) {
            throw new IOException(file + " is not a connection file: " + e.getMessage(), e);
        }
    }

    /** @throws JsonParseException when it is not a connection file */
    public static ConnectionFile parse(String text) {
        if (!(JsonParser.parseString(text) instanceof JsonObject file)) {
            throw new JsonParseException("it is not a JSON object");
        }
        String ip = Request.string(file, "ip").orElseThrow(() -> new JsonParseException("it has no address"));
        String transport = Request.string(file, "transport").orElse("tcp");
        if (!transport.equals("tcp")) {
            throw new JsonParseException("transport " + transport + " is not supported, only tcp");
        }
        var properties = new KernelConnectionProperties(
                ip,
                port(file, "control_port"),
                port(file, "shell_port"),
                port(file, "stdin_port"),
                port(file, "hb_port"),
                port(file, "iopub_port"),
                transport,
                Request.string(file, "signature_scheme").orElse("hmac-sha256"),
                Request.string(file, "key").orElse(""));
        Optional<CurveKeys> curve = Request.string(file, "curve_secretkey")
                .flatMap(secret -> Request.string(file, "curve_publickey").map(key -> new CurveKeys(key, secret)));
        return new ConnectionFile(properties, curve);
    }

    /** 0, for any free one, where the file leaves the choice. */
    private static int port(JsonObject file, String name) {
        return Request.string(file, name).map(Integer::valueOf).orElse(0);
    }

    /** @throws IOException when Java has no such signature scheme */
    public HMACGenerator signer() throws IOException {
        try {
            return properties.createHMACGenerator();
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("no signature scheme " + properties.getSignatureScheme(), e);
        }
    }

    int port(Channel channel) {
        return switch (channel) {
            case SHELL -> properties.getShellPort();
            case CONTROL -> properties.getControlPort();
            case STDIN -> properties.getStdinPort();
            case IOPUB -> properties.getIopubPort();
            case HEARTBEAT -> properties.getHbPort();
        };
    }

    /** The address of {@code channel} as ZeroMQ writes it; port 0 stands for any free one. */
    public String address(Channel channel) {
        String ip = properties.getIp();
        String host = ip.contains(":") ? "[" + ip + "]" : ip;
        int port = port(channel);
        return "tcp://" + host + ":" + (port == 0 ? "*" : Integer.toString(port));
    }
}

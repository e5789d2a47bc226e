package org.layerbook.engine.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.layerbook.engine.linux.RegularFile;

/**
 * Which certificates of servers are trusted: those of Java's own authorities, and, asked only when these do not know
 * one, the authorities of the machine ({@code SSL_CERT_FILE}, else Debian's and Fedora's bundle) and docker's
 * {@code certs.d/HOST/*.crt}.
 */
final class Trust {
    /** The authorities of a machine come to a quarter of a megabyte. */
    private static final int MOST_BYTES = 16 << 20;

    private static final List<String> BUNDLES =
            List.of("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt");

    private Trust() {}

    static SSLContext context(String address, boolean anyone, Map<String, String> environment) throws IOException {
        return context(() -> anyone ? new Anyone() : new Several(address, environment));
    }

    /** For connections without TLS. */
    static SSLContext nobody() throws IOException {
        return context(Nobody::new);
    }

    @FunctionalInterface
    private interface Making {
        TrustManager make() throws GeneralSecurityException;
    }

    private static SSLContext context(Making manager) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager.make()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("cannot prepare TLS: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager manager(Optional<KeyStore> authorities) throws GeneralSecurityException {
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities.orElse(null));
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("no X.509 trust manager");
    }

    private static KeyStore furtherAuthorities(String address, Map<String, String> environment)
            throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            var factory = CertificateFactory.getInstance("X.509");
            for (Path file : files(address, environment)) {
                byte[] certificates =
                        RegularFile.readFollowing(file, MOST_BYTES).orElse(new byte[0]);
                try (InputStream in = new ByteArrayInputStream(certificates)) {
                    for (var certificate : factory.generateCertificates(in)) {
                        store.setCertificateEntry(file + "-" + store.size(), certificate);
                    }
                }
            }
            return store;
        } catch (IOException e) {
            throw new GeneralSecurityException("cannot read certificates: " + e.getMessage(), e);
        }
    }

    private static List<Path> files(String address, Map<String, String> environment) throws IOException {
        var files = new ArrayList<Path>();
        String given = environment.getOrDefault("SSL_CERT_FILE", "");
        (given.isEmpty() ? BUNDLES : List.of(given))
                .stream().map(Path::of).filter(Files::isRegularFile).findFirst().ifPresent(files::add);
        Path home = Path.of(environment.getOrDefault("HOME", "/root"));
        for (Path folder : List.of(
                Path.of("/etc/docker/certs.d"),
                home.resolve(".docker/certs.d"),
                home.resolve(".config/docker/certs.d"))) {
            Path its = folder.resolve(address);
            if (Files.isDirectory(its)) {
                try (Stream<Path> entries = Files.list(its)) {
                    entries.filter(entry -> entry.toString().endsWith(".crt")).forEach(files::add);
                }
            }
        }
        return files;
    }

    /** Java's authorities, else the further ones, which are read only then. */
    private static final class Several extends X509ExtendedTrustManager {
        private final String address;
        private final Map<String, String> environment;
        private final X509ExtendedTrustManager usual;

        Several(String address, Map<String, String> environment) throws GeneralSecurityException {
            this.address = address;
            this.environment = environment;
            this.usual = manager(Optional.empty());
        }

        private X509ExtendedTrustManager further(CertificateException first) throws CertificateException {
            try {
                return manager(Optional.of(furtherAuthorities(address, environment)));
            } catch (GeneralSecurityException e) {
                first.addSuppressed(e);
                throw first;
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            try {
                usual.checkServerTrusted(chain, type, engine);
            } catch (CertificateException e) {
                further(e).checkServerTrusted(chain, type, engine);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            try {
                usual.checkServerTrusted(chain, type, socket);
            } catch (CertificateException e) {
                further(e).checkServerTrusted(chain, type, socket);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            usual.checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            usual.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            usual.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            usual.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return usual.getAcceptedIssuers();
        }
    }

    /** Believes no certificate. */
    private static final class Nobody implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("no TLS is expected here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("no TLS is expected here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** For hosts that the user has declared insecure. */
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

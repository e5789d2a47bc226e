package org.layerbook.engine.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.engine.archive.FakeSnapshots;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.http.Proxies;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.protocol.Endpoint;
import org.layerbook.engine.registry.protocol.RateLimits;
import org.layerbook.engine.registry.protocol.RegistrySettings;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

/** Proxies, addresses of IPv6, where names lead. */
class WaysToARegistryTest {
    @TempDir
    Path folder;

    private Store store() throws IOException {
        return Store.open(folder.resolve("store"), new Identity(0, "0 0 4294967295", "0 0 4294967295"));
    }

    private static Registry registry(Store store, Map<String, String> environment, RegistrySettings settings) {
        return new Registry(
                store, new FakeSnapshots(), settings, new CredentialStore(environment, new NoHost()), environment);
    }

    @Test
    void aProxyIsAskedForWhatIsElsewhere() throws IOException {
        // What takes any request serves as a proxy.
        try (Store store = store();
                var proxy = new FaultyRegistry()) {
            var environment = Map.of("HOME", folder.toString(), "HTTP_PROXY", "http://" + proxy.host());
            var settings = new RegistrySettings(Map.of(), Set.of("registry.invalid:5000"), RetryPolicy.DEFAULT);
            try (Registry registry = registry(store, environment, settings)) {
                assertEquals(
                        List.of("1", "2"),
                        registry.tags(Reference.parse("registry.invalid:5000/a/b"), new Cancellation()));
            }
            assertTrue(
                    proxy.seen().stream()
                            .anyMatch(request ->
                                    request.target().equals("http://registry.invalid:5000/v2/a/b/tags/list")),
                    proxy.seen().toString());
        }
    }

    @Test
    void aRegistryOnThisMachineIsAskedDirectly() throws IOException {
        try (Store store = store();
                var proxy = new FaultyRegistry();
                var here = new FaultyRegistry()) {
            var environment = Map.of("HOME", folder.toString(), "http_proxy", proxy.host());
            try (Registry registry = registry(store, environment, RegistrySettings.DEFAULT)) {
                registry.tags(Reference.parse(here.host() + "/a/b"), new Cancellation());
            }
            assertFalse(here.seen().isEmpty());
            assertTrue(proxy.seen().isEmpty());
        }
    }

    @Test
    void aRegistryMayHaveAnAddressOfIpv6() throws IOException {
        FaultyRegistry six;
        try {
            six = new FaultyRegistry("::1");
        } catch (IOException e) {
            assumeTrue(false, "this machine has no IPv6");
            return;
        }
        try (six;
                Store store = store();
                Registry registry = registry(store, Map.of("HOME", folder.toString()), RegistrySettings.DEFAULT)) {
            Reference name = Reference.parse(six.host() + "/a/b");
            assertEquals(six.host(), name.domain());
            assertEquals(List.of("1", "2"), registry.tags(name, new Cancellation()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "registry.example, '', PROXY",
        "registry.example, registry.example, DIRECT",
        "a.registry.example, .registry.example, DIRECT",
        "a.registry.example, registry.example, DIRECT",
        "registry.example, *.example, DIRECT",
        "badregistry.example, registry.example, PROXY",
        "registry.example:5000, registry.example:5000, DIRECT",
        "registry.example:5001, registry.example:5000, PROXY",
        "10.1.2.3, 10.0.0.0/8, DIRECT",
        "11.1.2.3, '10.0.0.0/8,x', PROXY",
        "'[fd00::1]:5000', fd00::/8, DIRECT",
        "'[fd00::1]:5000', '[fd00::1]:5000', DIRECT",
        "'[fe00::1]:5000', fd00::/8, PROXY",
        "registry.example, *, DIRECT",
        "localhost:5000, '', DIRECT",
        "127.0.0.2, '', DIRECT",
        "'[::1]:5000', '', DIRECT"
    })
    void exceptionsAreThoseOfCurlAndGo(String host, String exceptions, String way) {
        var proxies = new Proxies(Map.of("HTTPS_PROXY", "http://proxy.example:3128", "NO_PROXY", exceptions));
        List<Proxy> selected = proxies.select(URI.create("https://" + host + "/v2/"));
        assertEquals(way, selected.getFirst().type() == Proxy.Type.DIRECT ? "DIRECT" : "PROXY");
    }

    @ParameterizedTest
    @CsvSource({
        "busybox, https://registry-1.docker.io/v2/, library/busybox",
        "team/web:1, https://registry-1.docker.io/v2/, team/web",
        "index.docker.io/team/web, https://registry-1.docker.io/v2/, team/web",
        "quay.example/web, https://quay.example/v2/, web",
        "lab:5000/web, https://lab:5000/v2/, web"
    })
    void namesLeadWhereDockerWouldGo(String name, String base, String path) {
        Reference reference = Reference.parse(name);
        Endpoint endpoint = Endpoint.itself(reference.domain(), RegistrySettings.DEFAULT);
        assertEquals(base, endpoint.base(endpoint.scheme()).toString());
        assertEquals(path, reference.path());
    }

    @Test
    void theLimitOfDockerHubIsExplained() {
        String message = RateLimits.exceeded("docker.io", "toomanyrequests: You have reached your limit")
                .getMessage();
        assertTrue(message.contains("docker login") && message.contains("LAYERBOOK_MIRRORS"), message);
        assertTrue(message.contains("toomanyrequests"), message);
    }
}

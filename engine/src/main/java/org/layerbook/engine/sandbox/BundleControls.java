package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** The parts of a bundle that limit what its processes use and call. */
final class BundleControls {
    private static final long CPU_PERIOD_MICROS = 100_000;
    private static final long NANOS = 1_000_000_000;

    private BundleControls() {}

    /** Nodes may be made, but only the harmless ones of /dev opened. */
    private static final String DEVICES = """
            [
              {"allow": false, "access": "rwm"},
              {"allow": true, "type": "c", "access": "m"},
              {"allow": true, "type": "b", "access": "m"},
              {"allow": true, "type": "c", "major": 1, "minor": 3, "access": "rwm"},
              {"allow": true, "type": "c", "major": 1, "minor": 5, "access": "rwm"},
              {"allow": true, "type": "c", "major": 1, "minor": 7, "access": "rwm"},
              {"allow": true, "type": "c", "major": 1, "minor": 8, "access": "rwm"},
              {"allow": true, "type": "c", "major": 1, "minor": 9, "access": "rwm"},
              {"allow": true, "type": "c", "major": 5, "minor": 0, "access": "rwm"},
              {"allow": true, "type": "c", "major": 5, "minor": 2, "access": "rwm"},
              {"allow": true, "type": "c", "major": 136, "access": "rwm"}
            ]""";

    static void resources(JsonGenerator json, BundleOptions options) {
        json.writeObjectPropertyStart("resources");
        json.writeName("devices");
        json.writeRawValue(options.privileged() ? "[{\"allow\": true, \"access\": \"rwm\"}]" : DEVICES);
        BundleOptions.Cgroup limits = options.cgroup();
        if (limits.memoryBytes() > 0) {
            json.writeObjectPropertyStart("memory");
            json.writeNumberProperty("limit", limits.memoryBytes());
            // docker allows as much swap as memory.
            json.writeNumberProperty(
                    "swap", limits.memorySwapBytes() == 0 ? 2 * limits.memoryBytes() : limits.memorySwapBytes());
            json.writeEndObject();
        }
        if (limits.nanoCpus() > 0) {
            json.writeObjectPropertyStart("cpu");
            json.writeNumberProperty("period", CPU_PERIOD_MICROS);
            json.writeNumberProperty("quota", limits.nanoCpus() * CPU_PERIOD_MICROS / NANOS);
            json.writeEndObject();
        }
        if (limits.pids() > 0) {
            json.writeObjectPropertyStart("pids");
            json.writeNumberProperty("limit", limits.pids());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    /** Everything is allowed but what docker denies. */
    static void seccomp(JsonGenerator json) throws IOException {
        json.writeObjectPropertyStart("seccomp");
        json.writeStringProperty("defaultAction", "SCMP_ACT_ALLOW");
        json.writeArrayPropertyStart("architectures");
        architectures().forEach(json::writeString);
        json.writeEndArray();
        json.writeName("syscalls");
        json.writeRawValue(deniedCalls());
        json.writeEndObject();
    }

    private static List<String> architectures() {
        return switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
            case "aarch64" -> List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
            case "riscv64" -> List.of("SCMP_ARCH_RISCV64");
            case "ppc64le" -> List.of("SCMP_ARCH_PPC64LE");
            case "s390x" -> List.of("SCMP_ARCH_S390X", "SCMP_ARCH_S390");
            default -> List.of();
        };
    }

    private static String deniedCalls() throws IOException {
        try (InputStream in = BundleControls.class.getResourceAsStream("seccomp-denied.json")) {
            if (in == null) {
                throw new IOException(
                        "the installation is damaged: seccomp-denied.json is missing from the engine's jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

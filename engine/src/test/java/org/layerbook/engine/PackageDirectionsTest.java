package org.layerbook.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the arrows of docs/architecture.md: which package may import which. */
class PackageDirectionsTest {
    private static final String ROOT = "org.layerbook.engine.";

    /** What each package may import directly; what those import comes with it. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry("golang", List.of()),
            Map.entry("concurrent", List.of()),
            Map.entry("linux", List.of()),
            Map.entry("oci", List.of("golang")),
            Map.entry("dockerfile.expand", List.of("golang")),
            Map.entry("dockerfile", List.of("dockerfile.expand", "oci")),
            Map.entry("dockerfile.parse", List.of("dockerfile")),
            Map.entry("host", List.of("concurrent", "linux")),
            Map.entry("sandbox", List.of("host")),
            Map.entry("sandbox.selection", List.of("sandbox")),
            Map.entry("http", List.of("linux")),
            Map.entry("image", List.of("oci", "linux")),
            Map.entry("store.file", List.of("image")),
            Map.entry("store", List.of("store.file")),
            Map.entry("layer.tar", List.of("oci", "linux")),
            Map.entry("layer", List.of("layer.tar")),
            Map.entry("snapshot", List.of("layer", "store")),
            Map.entry("compress", List.of("layer")),
            Map.entry("archive.read", List.of("compress", "store")),
            Map.entry("archive", List.of("archive.read", "snapshot")),
            Map.entry("registry.transfer", List.of("image")),
            Map.entry("registry.protocol", List.of("http", "store")),
            Map.entry("registry", List.of("archive", "host", "registry.protocol", "registry.transfer")),
            Map.entry("cache", List.of("registry")),
            Map.entry("network", List.of("store")),
            Map.entry("container.state", List.of("sandbox", "store")),
            Map.entry(
                    "container", List.of("container.state", "dockerfile", "network", "sandbox.selection", "snapshot")),
            Map.entry("builder.plan", List.of("dockerfile.parse", "cache", "sandbox")),
            Map.entry("dockerfile.check", List.of("builder.plan")),
            Map.entry("builder.step", List.of("builder.plan", "archive")),
            Map.entry("builder.tree", List.of("builder.step")),
            Map.entry("builder.fetch", List.of("builder.tree", "http")),
            Map.entry("builder.cache", List.of("builder.step")),
            Map.entry("builder.copy", List.of("builder.fetch", "builder.cache")),
            Map.entry("builder.run", List.of("builder.copy")),
            Map.entry("builder", List.of("builder.run")));

    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.layerbook.engine");

    @Test
    void everyPackageImportsOnlyWhatItMay() {
        ARROWS.keySet().forEach(name -> {
            String[] allowed = Stream.concat(
                            Stream.of(
                                    "java..",
                                    "javax..",
                                    "tools.jackson..",
                                    "org.apache.commons.compress..",
                                    "com.github.luben..",
                                    "org.tukaani.."),
                            reachable(name).stream().map(p -> ROOT + p))
                    .toArray(String[]::new);
            classes()
                    .that()
                    .resideInAPackage(ROOT + name)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(allowed)
                    .allowEmptyShould(true)
                    .check(ENGINE);
        });
    }

    @Test
    void thereIsNoCycle() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(ENGINE);
    }

    @Test
    void everyPackageHasItsArrows() {
        Set<String> packages = ENGINE.stream()
                .map(c -> c.getPackageName())
                .filter(p -> p.startsWith(ROOT))
                .map(p -> p.substring(ROOT.length()))
                .collect(Collectors.toCollection(TreeSet::new));
        packages.removeAll(ARROWS.keySet());
        assertEquals(Set.of(), packages, "packages that no arrow speaks of");
    }

    private static Set<String> reachable(String name) {
        var found = new LinkedHashSet<String>(List.of(name));
        ARROWS.get(name).forEach(next -> found.addAll(reachable(next)));
        return found;
    }
}

package org.layerbook.kernel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ModuleTest {
    @Test
    void theKernelKnowsOnlyThePortOfASession() {
        noClasses()
                .that()
                .resideInAPackage("org.layerbook.kernel..")
                .and()
                .doNotHaveSimpleName("KernelMain")
                .and()
                // It asks the system about its own threads.
                .doNotHaveSimpleName("ZmqTransport")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.layerbook.interpreter.*..",
                        "org.layerbook.repl..",
                        "org.layerbook.engine.builder..",
                        "org.layerbook.engine.image..",
                        "org.layerbook.engine.layer..",
                        "org.layerbook.engine.linux..",
                        "org.layerbook.engine.oci..",
                        "org.layerbook.engine.sandbox..",
                        "org.layerbook.engine.snapshot..",
                        "org.layerbook.engine.store..")
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("org.layerbook.kernel"));
    }

    @Test
    void noCycleBetweenPackages() {
        slices().matching("org.layerbook.(**)")
                .should()
                .beFreeOfCycles()
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("org.layerbook.kernel"));
    }
}

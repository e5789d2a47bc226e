package org.layerbook.repl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ModuleTest {
    private static final JavaClasses REPL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.layerbook.repl");

    @Test
    void kernelAndReplNeverMeet() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.layerbook.kernel..")
                .check(REPL);
    }

    @Test
    void onlyTheDoctorLooksIntoTheEngine() {
        noClasses()
                .that()
                .resideInAPackage("org.layerbook.repl")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.layerbook.engine.builder..",
                        "org.layerbook.engine.image..",
                        "org.layerbook.engine.layer..",
                        "org.layerbook.engine.linux..",
                        "org.layerbook.engine.oci..",
                        "org.layerbook.engine.snapshot..",
                        "org.layerbook.engine.store..")
                .check(REPL);
    }

    @Test
    void noCycleBetweenPackages() {
        slices().matching("org.layerbook.(**)").should().beFreeOfCycles().check(REPL);
    }
}

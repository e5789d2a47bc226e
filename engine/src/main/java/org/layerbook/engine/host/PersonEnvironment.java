package org.layerbook.engine.host;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What the launcher changed in the environment, taken back. */
public final class PersonEnvironment {
    private static final String LC_ALL = "LC_ALL";
    private static final String PERSON_LC_ALL = "LAYERBOOK_PERSON_LC_ALL";

    private PersonEnvironment() {}

    public static Map<String, String> of(Map<String, String> own) {
        Map<String, String> person = new HashMap<>(own);
        if (own.containsKey(PERSON_LC_ALL)) {
            person.remove(LC_ALL);
            if (!own.get(PERSON_LC_ALL).isEmpty()) {
                person.put(LC_ALL, own.get(PERSON_LC_ALL));
            }
        }
        person.keySet()
                .removeAll(Set.of(
                        PERSON_LC_ALL,
                        "LAYERBOOK_LAUNCHER",
                        Isolation.SESSION,
                        Isolation.MODE,
                        Isolation.APART,
                        Isolation.HIDDEN_CLONE3,
                        Isolation.FAILED,
                        Isolation.WHY,
                        Isolation.DIRECTORY,
                        Isolation.LIFELINE,
                        Isolation.HEEDED,
                        Isolation.TERMINAL));
        return Map.copyOf(person);
    }
}

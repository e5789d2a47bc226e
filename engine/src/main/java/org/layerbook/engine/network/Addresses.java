package org.layerbook.engine.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;

/**
 * Who has which address of a network: a file for each under {@code networks/run/addresses/NETWORK}, with the container's ID in it.
 * The script that ends a container removes its file; one that was left behind counts for nothing once its container is gone.
 */
public final class Addresses {
    private final Path folder;
    private final Subnet subnet;

    public Addresses(Networks networks, Network network) throws IOException {
        this.folder = networks.runFolder().resolve("addresses").resolve(network.id());
        this.subnet = network.subnet();
    }

    public Path file(int address) {
        return folder.resolve(Subnet.text(address));
    }

    /**
     * Gives the lowest free one.
     *
     * @param container its ID
     * @param runs whether a container of that ID still has its addresses
     */
    public int take(String container, Predicate<String> runs) throws IOException {
        Files.createDirectories(folder);
        for (long i = 1; i < subnet.size() - 1; i++) {
            int address = subnet.base() + (int) i;
            if (address != subnet.gateway() && tryTake(address, container, runs)) {
                return address;
            }
        }
        throw new NetworkException("no available IPv4 addresses on this network's address pools: " + subnet);
    }

    /** Gives that one. */
    public void take(int address, String container, Predicate<String> runs) throws IOException {
        if (!subnet.contains(address)) {
            throw new NetworkException(
                    "invalid config for network: invalid endpoint settings: no configured subnet contains IP address "
                            + Subnet.text(address));
        }
        Files.createDirectories(folder);
        if (!tryTake(address, container, runs)) {
            throw new NetworkException("Address already in use");
        }
    }

    private boolean tryTake(int address, String container, Predicate<String> runs) throws IOException {
        for (int attempt = 0; attempt < 2; attempt++) {
            try {
                Files.write(
                        file(address),
                        container.getBytes(StandardCharsets.US_ASCII),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE);
                return true;
            } catch (FileAlreadyExistsException e) {
                String holder = holder(address);
                if (!holder.equals(container) && runs.test(holder)) {
                    return false;
                }
                Files.deleteIfExists(file(address));
            }
        }
        return false;
    }

    private String holder(int address) throws IOException {
        try {
            return Files.readString(file(address));
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    public void free(int address) throws IOException {
        Files.deleteIfExists(file(address));
    }
}

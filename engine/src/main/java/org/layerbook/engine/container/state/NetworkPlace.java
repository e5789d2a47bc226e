package org.layerbook.engine.container.state;

/**
 * Where a running container is in a network.
 *
 * @param network its name
 * @param address of the container
 * @param bits of the subnet
 */
public record NetworkPlace(String network, String networkId, String address, int bits, String gateway) {}

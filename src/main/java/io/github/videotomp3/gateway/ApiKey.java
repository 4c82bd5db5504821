package io.github.videotomp3.gateway;

import java.time.Instant;
import java.util.Set;
import org.bson.types.ObjectId;

/**
 * An API key, without what makes it secret.
 *
 * @param id its public part
 * @param owner the e-mail address of the person on whose behalf it acts
 * @param name what its owner calls it
 * @param used when it was used last, to the minute; null if never
 */
public record ApiKey(ObjectId id, String owner, String name, Set<Scope> scopes, Instant created, Instant used) {}

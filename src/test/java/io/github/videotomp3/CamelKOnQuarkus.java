package io.github.videotomp3;

import java.nio.file.Path;
import java.util.Properties;

/** The same on Quarkus, each Integration built with the dependencies that it names: {@code ./mvnw verify -Pquarkus}. */
class CamelKOnQuarkus extends CamelKIT {

    @Override
    PlainCamel camel(String bundle, Path folder, Properties secret) throws Exception {
        return new QuarkusCamel(bundle, folder, secret);
    }
}

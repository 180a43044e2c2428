import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import io.netty.channel.Channel;
import java.nio.file.Path;
import org.h2.mvstore.MVStore;

/** A server that speaks as MongoDB does, for tests: mongo-java-server on one file. Arguments: host, port, folder of the data. */
public final class DocumentServer {
    private DocumentServer() {}

    public static void main(String[] arguments) {
        String file = Path.of(arguments[2], "documents.mv").toString();
        MVStore store = new MVStore.Builder().fileName(file).autoCommitDisabled().open();
        store.setRetentionTime(0);
        MongoServer server = new MongoServer(new DurableBackend(store));
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow));
        server.bind(arguments[0], Integer.parseInt(arguments[1]));
    }

    /** Answers a command when what it changed is in the file: whoever was answered finds it there after a kill. */
    private static final class DurableBackend extends H2Backend {
        /** Of MongoDB 4.4, the oldest that today's clients talk to. What they then use, and this server lacks, fails by name. */
        private static final int WIRE_VERSION = 9;

        DurableBackend(MVStore store) {
            super(store);
        }

        @Override
        public synchronized Document handleMessage(MongoMessage message) {
            try {
                return introduced(super.handleMessage(message));
            } finally {
                commit();
            }
        }

        @Override
        public Document handleCommand(Channel channel, String database, String command, Document query) {
            return introduced(super.handleCommand(channel, database, command, query));
        }

        private static Document introduced(Document answer) {
            if (answer.containsKey("maxWireVersion")) {
                answer.put("maxWireVersion", WIRE_VERSION);
            }
            return answer;
        }
    }
}

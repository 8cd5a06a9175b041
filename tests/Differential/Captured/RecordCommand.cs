using Coord.Differential.Servers;

namespace Coord.Differential.Captured;

/// <summary><c>record</c>: has every conversation with Apache ZooKeeper and writes it down.</summary>
internal static class RecordCommand
{
    private const int NotInstalled = 2;

    public static int Execute(TextWriter output)
    {
        if (!Server.IsZooKeeperInstalled)
        {
            output.WriteLine($"record {Server.HowToInstall}");
            return NotInstalled;
        }

        using var server = Server.ZooKeeper();
        foreach (var conversation in Conversation.All)
        {
            var exchanges = Record(conversation, server.Ports[0]);
            var path = conversation.FileBelow(Server.Root);
            ConversationFile.Write(path, Header(conversation), exchanges);
            output.WriteLine($"{conversation.Name}: {exchanges.Count} exchanges");
        }

        return 0;
    }

    public static IReadOnlyList<Exchange> Record(Conversation conversation, int port)
    {
        using var recording = new Recording(port);
        conversation.Speak(recording);
        return recording.Exchanges;
    }

    private static string Header(Conversation conversation) => $"""
        # {conversation.Name}: {conversation.About}
        # server: Apache ZooKeeper 3.8.0 (Debian 12), one server, extendedTypesEnabled, enforceQuota, reconfig off
        # recorded by: dotnet run --project tests/Differential -c Release -- record
        # A line is one frame, length first: the number of its connection, > to the server or < from it, the bytes.
        # Below it stands what they say, above it a name for what passes.

        """.Replace("\r", "", StringComparison.Ordinal);
}

using Coord.Differential.Wire;
using static Coord.Differential.Captured.Scripts.Words;

namespace Coord.Differential.Captured.Scripts;

/// <summary>Handshakes, and what becomes of sessions (zookeeper-protocol 1.3, 1.4, 7).</summary>
internal static class SessionScripts
{
    private static readonly byte[] WrongPassword = [.. Enumerable.Repeat((byte)'*', 16)];

    public static void Handshakes(Recording recording)
    {
        var first = recording.Connect("a new session");
        first.Ping("a ping");
        recording.Connect("an old client, without the readOnly field", new Hello { ReadOnly = null }).Close();
        recording.Connect("a client that would read without a quorum", new Hello { ReadOnly = true }).Close();
        recording.Connect("a timeout below the least", new Hello { TimeoutMs = 1 }).Close();
        recording.Connect("a timeout above the most", new Hello { TimeoutMs = 1_000_000 }).Close();
        recording.Connect("a password of no bytes for a new session", new Hello { Password = [] }).Close();

        first.Ask("an ephemeral of the session", MakeEphemeral("/handshake"));
        first.Cut("the connection breaks");
        var second = recording.Connect("the session comes back", first.Again);
        second.Ask("its ephemeral is there", Look(Op.Exists, "/handshake"));
        var third = recording.Connect(
            "it comes back while its connection is open, with another timeout",
            second.Again with { TimeoutMs = 7_000 });
        second.HearClose("the old connection of a session that moved");
        var fourth = recording.Connect(
            "it comes back as an old client does", third.Again with { ReadOnly = null });
        third.HearClose("and again the old connection ends");

        fourth.Cut("the connection breaks for good");
        recording.Connect("a wrong password", fourth.Again with { Password = WrongPassword });
        recording.Connect(
            "a wrong password of an old client", fourth.Again with { Password = WrongPassword, ReadOnly = null });
        recording.Connect("a short password", fourth.Again with { Password = [1, 2, 3] });
        recording.Connect("a session that never was", new Hello { Session = 0x7777_7777, Password = WrongPassword });
        recording.Connect(
            "a client that has seen more than the server", new Hello { LastZxid = 0x7fff_ffff_ffff });
        var last = recording.Connect("the session again, with all that is right", fourth.Again);
        last.Close();
        recording.Connect("a session that was closed", last.Again);
    }

    public static void Ends(Recording recording)
    {
        var watcher = recording.Connect("who sees it");
        watcher.Ask("a root", Make("/ends"));
        var closing = recording.Connect("who closes its session");
        closing.Ask("its ephemeral", MakeEphemeral("/ends/closing"));
        watcher.Ask("a watch of it", Look(Op.Exists, "/ends/closing", watch: true));
        watcher.Ask("a watch of its parent", Look(Op.GetChildren, "/ends", watch: true));
        closing.Close();
        watcher.Ping("what was seen of the close");

        var expiring = recording.Connect("who falls silent", new Hello { TimeoutMs = 4_000 });
        expiring.Ask("its ephemeral", MakeEphemeral("/ends/expiring"));
        watcher.Ask("a watch of it", Look(Op.GetData, "/ends/expiring", watch: true));
        expiring.Cut("without a word");
        watcher.Hear("the ephemeral of an expired session");
        watcher.Ask("it is gone", Look(Op.Exists, "/ends/expiring"));
        recording.Connect("an expired session", expiring.Again);
        watcher.Ask("no trace is left", Look(Op.GetChildren2, "/ends"));
        watcher.Ask("nor of the root", Remove("/ends"));
        watcher.Close();
    }
}

using System.Text;
using Coord.Protocol;

namespace Coord.Node.Admin.Words;

/// <summary>How <c>stat</c> and <c>cons</c> list connections (zookeeper-protocol 10.1).</summary>
internal static class ConnectionText
{
    /// <summary>A line for each, and an empty one.</summary>
    public static string Brief(IReadOnlyList<ConnectionStatus> connections)
    {
        var text = new StringBuilder();
        foreach (var connection in connections)
            Begin(text, connection).Append(")\n");
        return text.Append('\n').ToString();
    }

    /// <summary>The same with all that is known of their sessions.</summary>
    public static string Full(IReadOnlyList<ConnectionStatus> connections)
    {
        var text = new StringBuilder();
        foreach (var connection in connections)
        {
            Begin(text, connection);
            if (connection.Session is { Id: not 0 } session)
                Append(text, session);
            text.Append(")\n");
        }

        return text.Append('\n').ToString();
    }

    /// <summary>The code of an operation.</summary>
    public static string CodeOf(OpCode op) => op switch
    {
        OpCode.CreateSession => "SESS",
        OpCode.Ping => "PING",
        OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl
            or OpCode.CreateRank => "CREA",
        OpCode.Delete or OpCode.DeleteContainer => "DELE",
        OpCode.SetData => "SETD",
        OpCode.SetAcl => "SETA",
        OpCode.Check => "CHEC",
        OpCode.Exists => "EXIS",
        OpCode.GetData => "GETD",
        OpCode.GetAcl => "GETA",
        OpCode.GetChildren or OpCode.GetChildren2 => "GETC",
        OpCode.GetAllChildrenNumber => "GETACN",
        OpCode.GetEphemerals => "GETE",
        OpCode.Multi => "MULT",
        OpCode.MultiRead => "MLTR",
        OpCode.Reconfig => "RECO",
        OpCode.Sync => "SYNC",
        OpCode.SetWatches => "SETW",
        OpCode.SetWatches2 => "STW2",
        OpCode.AddWatch => "ADDW",
        OpCode.CheckWatches => "CHKW",
        OpCode.RemoveWatches => "REMW",
        OpCode.WhoAmI => "HOMI",
        OpCode.CloseSession => "CLOS",
        _ => "NA",
    };

    private static StringBuilder Begin(StringBuilder text, in ConnectionStatus connection) => text
        .Append($" /{connection.Remote}[{(connection.IsAsking ? 0 : 1)}](queued={connection.Queued},")
        .Append($"recved={connection.Received},sent={connection.Sent}");

    private static void Append(StringBuilder text, ConnectedSession session)
    {
        var figures = session.Figures;
        text.Append($",sid=0x{session.Id:x},lop={CodeOf(figures.LastOp)},est={figures.EstablishedMs}")
            .Append($",to={session.TimeoutMs}");
        if (figures.LastXid >= 0)
            text.Append($",lcxid=0x{figures.LastXid:x}");
        text.Append($",lzxid=0x{figures.LastZxid:x},lresp={figures.LastResponseMs},llat={figures.LastLatencyMs}")
            .Append($",minlat={figures.MinLatencyMs},avglat={figures.AverageLatencyMs},maxlat={figures.MaxLatencyMs}");
    }
}

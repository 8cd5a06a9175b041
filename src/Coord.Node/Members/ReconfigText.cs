using System.Text;
using Coord.Protocol;

namespace Coord.Node.Members;

/// <summary>
/// What a client's <c>reconfig</c> asks, as texts: it travels to the leader so (zookeeper-protocol 11).
/// </summary>
internal sealed record ReconfigText(string Joining, string Leaving, string NewMembers, long CurrentConfigId)
{
    /// <summary>Reads the record of a request; null where it is malformed.</summary>
    public static ReconfigText? Read(ReadOnlySpan<byte> record)
    {
        var reader = new JuteReader(record);
        return ReconfigRequest.TryRead(ref reader, out var request)
            ? new ReconfigText(
                Encoding.UTF8.GetString(request.JoiningServers),
                Encoding.UTF8.GetString(request.LeavingServers),
                Encoding.UTF8.GetString(request.NewMembers),
                request.CurrentConfigId)
            : null;
    }
}

using System.Net;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Targets;

/// <summary>What an etcd node is, as far as it can still read: one without a leader does not serve.</summary>
internal static class EtcdMode
{
    // A linearizable read goes through a majority, on a machine that may be busy.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>"leader" or "follower"; null when the node does not serve.</summary>
    public static async Task<string?> AskAsync(IPEndPoint node)
    {
        using var timer = new CancellationTokenSource(Patience);
        try
        {
            using var link = await HttpLink.OpenAsync(ClientView.OwnSocket(), node, timer.Token);
            var (status, body) = await link.PostAsync("/v3/maintenance/status", "{}"u8.ToArray(), timer.Token);
            var (member, leader) = status == HttpLink.Ok ? EtcdClient.ParseStatus(body) : (0, 0);
            if (leader == 0)
                return null;

            // "AA==" is the key of one zero byte, which nobody writes: only whether it is answered matters.
            (status, _) = await link.PostAsync("/v3/kv/range", """{"key":"AA=="}"""u8.ToArray(), timer.Token);
            return status != HttpLink.Ok ? null : leader == member ? "leader" : "follower";
        }
        catch (ConnectionLostException)
        {
            return null;
        }
    }
}

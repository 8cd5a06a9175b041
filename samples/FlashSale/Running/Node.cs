using System.Net.Sockets;
using System.Text;

namespace FlashSale.Running;

/// <summary>One node of the cluster, as the four-letter word <c>srvr</c> on its client port shows it.</summary>
internal sealed record Node(int Id, string Host, int Port)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMilliseconds(500);

    public static Node Parse(int id, string address)
    {
        var colon = address.LastIndexOf(':');
        return new Node(id, address[..colon], int.Parse(address[(colon + 1)..]));
    }

    /// <summary>Asks the node what it is; <see cref="NodeRole.Down"/> when it does not answer.</summary>
    public async Task<NodeRole> AskRoleAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(AnswerWithin);
        try
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(Host, Port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync("srvr"u8.ToArray(), limit.Token);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return RoleIn(await reader.ReadToEndAsync(limit.Token));
        }
        catch (Exception e) when (e is SocketException or IOException
            || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return NodeRole.Down;
        }
    }

    internal static NodeRole RoleIn(string srvr)
    {
        var mode = srvr.Split('\n').FirstOrDefault(l => l.StartsWith("Mode: ", StringComparison.Ordinal));
        return mode?["Mode: ".Length..].Trim() switch
        {
            "leader" => NodeRole.Leader,
            "follower" => NodeRole.Follower,
            "standalone" => NodeRole.Leader,
            _ => NodeRole.Joining,
        };
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Coord.Client;

/// <summary>
/// Keeps the list of addresses current: by the program's own source, or by the members that a Coord cluster publishes.
/// Runs on the pool; a client whose pool is starved goes on with the addresses it has.
/// </summary>
[SuppressMessage(
    "Design", "CA1001", Justification = "A source of tokens without a timer holds nothing to dispose.")]
internal sealed class EndpointFeed(ClientCore core, EndpointList endpoints, ILogger logger)
{
    private readonly CancellationTokenSource stop = new();
    private IPEndPoint? connectedTo;
    private int isFollowing;

    internal void Start()
    {
        if (core.Options.EndpointSource is { } source)
            _ = Task.Run(() => FollowSourceAsync(source));
    }

    /// <summary>Called by the connection's thread when a session stands.</summary>
    internal void OnConnected(IPEndPoint address, ServerFeatures features)
    {
        Volatile.Write(ref connectedTo, address);
        // The published addresses are those of the plain ports (docs/operate/access.md).
        if (core.Options.EndpointSource is not null || core.Options.Tls is not null || features.Names.Count == 0)
            return;
        if (Interlocked.Exchange(ref isFollowing, 1) == 0)
            _ = Task.Run(FollowMembersAsync);
    }

    internal void Stop() => stop.Cancel();

    private async Task FollowSourceAsync(
        Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<Endpoint>>> source)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await foreach (var list in source(stop.Token).WithCancellation(stop.Token).ConfigureAwait(false))
                    endpoints.Learn(list);
                return;
            }
            catch (Exception e)
            {
                // The program's own code: whatever it throws, the addresses known so far go on.
                if (stop.IsCancellationRequested)
                    return;
                SessionLog.EndpointSourceFailed(logger, e);
            }

            await Task.Delay(core.Options.Retry.MaxDelay, core.Clock.Provider, stop.Token)
                .ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
        }
    }

    private async Task FollowMembersAsync()
    {
        try
        {
            var configs = new WatchStreams(core).FollowAsync(MemberList.Path, MemberList.Path, stop.Token);
            await foreach (var config in configs.ConfigureAwait(false))
            {
                var members = config is null ? [] : MemberList.Read(config.Bytes.Span);
                if (await IsOneOfThemAsync(members).ConfigureAwait(false))
                    endpoints.Learn(members);
            }
        }
        catch (Exception e) when (e is CoordException or OperationCanceledException or ObjectDisposedException)
        {
            // Refused or closed: the next connection begins again.
            Volatile.Write(ref isFollowing, 0);
        }
    }

    // Behind a load balancer, or with ports mapped, members publish what cannot be reached from here.
    private async Task<bool> IsOneOfThemAsync(List<Endpoint> members)
    {
        var here = Volatile.Read(ref connectedTo)!;
        foreach (var member in members)
        {
            if (member.Port != here.Port)
                continue;
            try
            {
                var addresses = await Dns.GetHostAddressesAsync(member.Host, stop.Token).ConfigureAwait(false);
                if (addresses.Any(address => address.MapToIPv6().Equals(here.Address.MapToIPv6())))
                    return true;
            }
            catch (SocketException)
            {
                // A name that does not resolve is not the one we came by.
            }
        }

        return false;
    }
}

using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;

namespace Coord.JepsenLike.Networks;

/// <summary>
/// A network of its own on this machine: a bridge, and behind it a namespace with an address for every node and for
/// every group of clients. This process itself stands at the bridge, where no fault reaches it. Disposing the network,
/// or the end of this process, by a signal too, removes all of it.
/// </summary>
internal sealed class NamespaceNetwork : IDisposable
{
    public const int ClientGroups = 3;

    /// <summary>The variable that tells a launcher where nodes live.</summary>
    public const string Variable = "COORD_NETNS";

    // For nodes that join a cluster while it runs.
    private const int SpareNodes = 3;
    private const int FirstClientAddress = 200;
    private const int BridgeAddress = 254;
    private const int Attempts = 10;

    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
    private static int made;

    private readonly Lock change = new();
    private readonly PosixSignalRegistration[] signals;
    private readonly Place[] places;
    private readonly string prefix;
    private bool removed;

    private NamespaceNetwork(int nodes, string prefix)
    {
        this.prefix = prefix;
        Nodes = nodes;
        // Unique on this machine while this process lives, and no longer than an interface's name may be.
        Name = string.Create(CultureInfo.InvariantCulture,
            $"cj{Environment.ProcessId:x}x{Interlocked.Increment(ref made)}");
        places =
        [
            .. Enumerable.Range(1, nodes + SpareNodes).Select(Place.Node),
            .. Enumerable.Range(1, ClientGroups).Select(Place.Clients),
        ];
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        signals = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, _ => Remove()))];
    }

    /// <summary>The bridge, and how every other name begins.</summary>
    public string Name { get; }

    /// <summary>Nodes that the cluster is started with.</summary>
    public int Nodes { get; }

    /// <summary>What a launcher must know.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        [Variable] = $"{Name}n:{prefix}",
    };

    public static Task<NamespaceNetwork> MakeAsync(int nodes) => Task.Run(() => Make(nodes));

    public string NamespaceOf(Place place) => Name + place;

    public IPAddress AddressOf(Place place) =>
        Address(place.IsNode ? place.Number : FirstClientAddress + place.Number);

    public void Dispose()
    {
        // A signal that comes meanwhile must still wait until all is gone.
        Remove();
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        foreach (var signal in signals)
            signal.Dispose();
    }

    private static NamespaceNetwork Make(int nodes)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var network = new NamespaceNetwork(nodes, FreeRange.Find());
            try
            {
                network.Build();
                if (FreeRange.IsOurs(network.prefix))
                    return network;
            }
            catch
            {
                network.Dispose();
                throw;
            }

            network.Dispose();
        }

        throw new NetworkException("another process takes the same addresses again and again");
    }

    private void Build()
    {
        Step(() => SystemCommand.Run("ip", ["-batch", "-"], string.Concat(BridgeCommands().Select(c => c + "\n"))));
        foreach (var place in places)
        {
            Step(() => SystemCommand.Run("ip", ["-n", NamespaceOf(place), "-batch", "-"],
                $"addr add {AddressOf(place)}/24 dev eth0\nlink set eth0 up\nlink set lo up\n"));
        }
    }

    private IEnumerable<string> BridgeCommands() =>
    [
        $"link add {Name} type bridge",
        $"addr add {Address(BridgeAddress)}/24 dev {Name}",
        $"link set {Name} up",
        .. places.SelectMany(place => new[]
        {
            $"netns add {NamespaceOf(place)}",
            $"link add {NamespaceOf(place)} type veth peer name eth0 netns {NamespaceOf(place)}",
            $"link set {NamespaceOf(place)} master {Name} up",
        }),
    ];

    /// <summary>A signal that comes meanwhile waits for the step, and no further one is taken.</summary>
    private void Step(Action make)
    {
        lock (change)
        {
            if (removed)
                throw new NetworkException("the network is being removed");
            make();
        }
    }

    /// <summary>What is not there any more, or was never made, is passed over.</summary>
    private void Remove()
    {
        lock (change)
        {
            if (removed)
                return;
            removed = true;
            var commands = places.SelectMany(place => new[]
            {
                $"link del {NamespaceOf(place)}", $"netns del {NamespaceOf(place)}",
            });
            // In a session of its own: it goes on to its end whatever becomes of this process and its terminal.
            SystemCommand.Execute("setsid", ["ip", "-force", "-batch", "-"],
                string.Concat(commands.Append($"link del {Name}").Select(command => command + "\n")));
        }
    }

    private IPAddress Address(int number) => IPAddress.Parse($"{prefix}.{number}");

    private void OnProcessExit(object? sender, EventArgs e) => Remove();
}

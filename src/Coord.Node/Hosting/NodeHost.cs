using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Coord.Node.Admin;
using Coord.Node.Admin.Commands;
using Coord.Node.Admin.Words;
using Coord.Node.Audit;
using Coord.Node.Clients;
using Coord.Node.Metrics;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Node.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Hosting;

/// <summary>
/// One node from start to stop: data directory, genesis, log and tree, threads, ports; and the same backwards.
/// </summary>
internal sealed class NodeHost : IDisposable
{
    // Nodes of a new cluster come one after the other; who still waits then is worth a line, and one now and then.
    private static readonly TimeSpan AnnounceEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RepeatEvery = TimeSpan.FromSeconds(10);

    private readonly NodeSettings settings;
    private readonly int connectionsWanted;
    private readonly ILoggerFactory loggers;
    private readonly ILogger logger;
    private readonly StatusCell status = new(NodeStatus.Starting);
    private readonly ReplicaQueue queue = new();
    private readonly BlockPool memory;
    private readonly List<IDisposable> owned = [];
    private readonly List<ClientListener> clientPorts = [];
    private KestrelServer? adminPort;
    private long announcedAt;
    private readonly NodeMetrics metrics = new();
    private volatile IReplicaAdministration? administration;
    private volatile IReplicaReports? reports;
    private volatile SnapshotFiles? snapshots;

    private NodeHost(NodeSettings settings, ILoggerFactory loggers)
    {
        logger = loggers.CreateLogger("Coord.Node");
        connectionsWanted = settings.Limits.ClientConnectionsMax;
        var fitting = Math.Min(connectionsWanted, OpenFiles.ConnectionsOf(OpenFiles.Allowed));
        this.settings = settings with { Limits = settings.Limits with { ClientConnectionsMax = fitting } };
        this.loggers = loggers;
        memory = new BlockPool(settings.Limits.ConnectionBlocksKeptMax, settings.Limits.ClientMemoryMax);
    }

    /// <summary>Runs a node until SIGTERM or SIGINT; gives the exit code.</summary>
    /// <exception cref="SettingsException">A port cannot be opened.</exception>
    /// <exception cref="DataUnusableException">The data directory cannot be trusted.</exception>
    public static async Task<int> RunAsync(NodeSettings settings)
    {
        using var loggers = NodeLoggers.Create();
        using var stopping = new CancellationTokenSource();
        using var terminated = OnSignal(PosixSignal.SIGTERM, stopping);
        using var interrupted = OnSignal(PosixSignal.SIGINT, stopping);
        while (true)
        {
            // Begun again in the same process where its files turned out to be damaged, or its number too low
            // (raft-design P22, I9).
            using var host = new NodeHost(settings, loggers);
            if (await host.RunAsync(stopping.Token))
                return ExitCodes.Stopped;
        }
    }

    public void Dispose()
    {
        // In the order of their making backwards: who calls goes before who is called.
        for (var position = owned.Count - 1; position >= 0; position--)
            owned[position].Dispose();
        foreach (var port in clientPorts)
            port.Dispose();
        adminPort?.Dispose();
    }

    private static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource stopping) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stopping.Cancel();
        });

    /// <summary>True when the node was told to stop, false when it is to begin again.</summary>
    private async Task<bool> RunAsync(CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        TryPorts();
        var directory = Own(DataDirectory.Open(
            new LinuxFileSystem(), settings.DataDirectory, settings.Id.Value, settings.Limits, Random128(),
            TimeProvider.System));
        HostLog.Starting(
            logger, CoordVersion.Full, settings.Id.Value, settings.Cluster.Name, Environment.ProcessId,
            directory.StartNumber, settings.DataDirectory);
        RequireMember(directory);
        var port = new ClientPort(
            queue, settings.Limits, settings.Access, metrics.Clients, loggers.CreateLogger<ClientPort>());
        memory.Exceeded = port.CutWaiting;
        var facts = new NodeFacts(settings, () => status.Current, metrics, port, () => reports);
        port.Words = new FourLetterWords(facts, settings.Words);
        var audit = settings.Limits.AuditEnable
            ? Own(new AuditLog(settings.Limits, loggers.CreateLogger("Coord.Audit")))
            : null;
        adminPort = await HttpServers.StartAdminPortAsync(
            settings,
            new AdminApplication(
                facts, NewOrders(), () => snapshots, audit is null ? null : new AdminAudit(audit)),
            memory,
            loggers);

        // Words are answered before there is a quorum or a cluster (zookeeper-protocol 10.1).
        await OpenClientPortsAsync(new ClientEntrance(port, settings.ClientTls));
        if (settings.Limits.ClientConnectionsMax is var fitting && fitting < connectionsWanted)
            HostLog.FewOpenFiles(logger, fitting, connectionsWanted, OpenFiles.Allowed);
        Own(new TlsRenewal(settings.TlsFiles, settings.Limits.CertificatePollInterval, logger));
        var links = await FindClusterAsync(directory, stopping);
        if (links is null)
            return true;

        administration = new ReplicaAdministration(queue);
        var running = Own(new RunningReplica(settings, directory, links, queue, status, metrics, audit, loggers));
        reports = new ReplicaReports(queue);
        snapshots = new SnapshotFiles(running.Snapshots, queue);
        port.TakesSessions = true;
        HostLog.Serving(
            logger, settings.Self.Client, settings.Self.Peer, settings.Self.Admin,
            (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        if (settings.Self.SecureClient is { } secure)
            HostLog.ServingSecure(logger, secure);

        await Task.WhenAny(WaitForStopAsync(stopping), running.MustBeginAnew);
        HostLog.Stopping(logger);
        port.TakesSessions = false;
        await running.StopServingAsync();
        port.EndAll();
        using var patience = new CancellationTokenSource(settings.Limits.StopTimeout);
        await Task.WhenAll(
            [adminPort.StopAsync(patience.Token), .. clientPorts.Select(each => each.StopAsync(patience.Token))]);
        HostLog.Stopped(logger);
        if (stopping.IsCancellationRequested)
            return true;
        var note = await running.MustBeginAnew;
        note(directory);
        return false;
    }

    private async Task OpenClientPortsAsync(ClientEntrance entrance)
    {
        clientPorts.Add(await HttpServers.StartClientPortAsync(
            settings.Self.Client, settings.Ports.Client, entrance.AcceptAsync, entrance.TakesTlsOnPlainPort,
            settings.Limits, memory, loggers));
        if (settings.Self.SecureClient is not { } secure)
            return;
        clientPorts.Add(await HttpServers.StartClientPortAsync(
            secure, settings.Ports.SecureClient, entrance.AcceptSecureAsync, takesTls: true, settings.Limits, memory,
            loggers));
    }

    // design.md section 10: what it has is of a cluster that goes on without it.
    private void RequireMember(DataDirectory directory)
    {
        if (directory.RemovedBecause is { } why)
        {
            throw new DataUnusableException(
                settings.DataDirectory, $"{why}; to let node {settings.Id.Value} in again, start it on an empty data "
                + $"directory, then POST {AdminOrders.Add}?id={settings.Id.Value} on the leader's admin port");
        }
    }

    /// <summary>Opens the peer port, and waits for the genesis where there is none yet (raft-design M14).</summary>
    /// <returns>The links, or null when the node was stopped first.</returns>
    private async Task<PeerLinks?> FindClusterAsync(DataDirectory directory, CancellationToken stopping)
    {
        var identity = new ProcessIdentity(settings.Id, directory.Identity.Incarnation, directory.StartNumber);
        var stored = directory.Identity;
        var known = stored.HasCluster ? new Genesis(stored.Cluster, stored.Genesis) : null;
        var exchange = known is null
            ? new GenesisExchange(
                PeerSelf.MemberOf(settings.Self, identity.Incarnation), settings.Cluster.Name,
                settings.Cluster.Nodes.Select(node => node.Id))
            : null;
        var links = Own(OpenPeerPort(identity, known, exchange));
        links.Start();
        if (exchange is null)
            return links;
        using var announcing = new Timer(_ => Announce(exchange), null, AnnounceEvery, AnnounceEvery);
        var genesis = await Task.Run(() => exchange.Wait(stopping), CancellationToken.None);
        if (genesis is null)
            return null;
        directory.SetGenesis(genesis.ClusterId, genesis.Members);
        links.SetGenesis(genesis);
        PeerLog.Genesis(
            logger, settings.Cluster.Name, genesis.ClusterId.ToString("x32"),
            string.Join(", ", genesis.Members.Select(member => member.Id.Value)));
        return links;
    }

    private AdminOrders NewOrders() => new(() => administration, settings.SuperUser, () => status.Current);

    private void Announce(GenesisExchange exchange)
    {
        var reason = exchange.Waiting;
        if (status.Current.NotReadyBecause == reason && Stopwatch.GetElapsedTime(announcedAt) < RepeatEvery)
            return;
        announcedAt = Stopwatch.GetTimestamp();
        status.Current = NodeStatus.Starting with { Id = settings.Id, NotReadyBecause = reason };
        PeerLog.Waiting(logger, reason);
    }

    // Each port is opened when it is needed; that one cannot be is told before anything is done.
    private void TryPorts()
    {
        Ports.Try(settings.Self.Client, settings.Ports.Client);
        if (settings.Self.SecureClient is { } secure)
            Ports.Try(secure, settings.Ports.SecureClient);
        Ports.Try(settings.Self.Admin, settings.Ports.Admin);
        if (settings.HasPeerPort)
            Ports.Try(settings.Self.Peer, settings.Ports.Peer);
    }

    private PeerLinks OpenPeerPort(ProcessIdentity identity, Genesis? known, GenesisExchange? exchange)
    {
        try
        {
            return new PeerLinks(settings, identity, known, exchange, logger);
        }
        catch (SocketException failure)
        {
            throw Ports.CannotListen(settings.Ports.Peer, failure);
        }
    }

    private static async Task WaitForStopAsync(CancellationToken stopping)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stopping.Register(stop.SetResult);
        await stop.Task;
    }

    private static UInt128 Random128() =>
        BinaryPrimitives.ReadUInt128LittleEndian(RandomNumberGenerator.GetBytes(16));

    private T Own<T>(T part)
        where T : IDisposable
    {
        owned.Add(part);
        return part;
    }
}

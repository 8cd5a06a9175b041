using System.Diagnostics.Metrics;
using System.Net.Security;
using Microsoft.Extensions.Logging;

namespace Coord.Client;

/// <summary>
/// Settings of a <see cref="CoordClient"/>. The client copies them when it is made; later changes have no effect.
/// </summary>
public sealed class CoordClientOptions
{
    internal const int ClientNameMaxLength = 64;

    /// <summary>Session timeout asked for; the server decides. Default 10 s, 1 s to 5 min.</summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Limit of one attempt (TCP, TLS and session) on one address. Default 3 s, 100 ms to 1 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Total for one call, waiting for a connection and repeats included. Default 10 s, 100 ms to 1 h, or
    /// <see cref="Timeout.InfiniteTimeSpan"/>.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How much earlier than the server the client gives up its session, as a fraction of the timeout. Default 0.1 (and
    /// at least 200 ms unless 0 is given), 0 to 0.5. It covers clocks that run at different rates.
    /// </summary>
    public double SessionDeadlineMargin { get; set; } = 0.1;

    /// <summary>What counts as proof of life of the session. Default <see cref="SessionProof.Auto"/>.</summary>
    public SessionProof SessionProof { get; set; }

    /// <summary>Pauses between attempts to connect.</summary>
    public RetryOptions Retry { get; set; } = new();

    /// <summary>
    /// How fresh reads are that do not say so themselves. Default <see cref="ReadConsistency.Session"/>.
    /// </summary>
    public ReadConsistency ReadConsistency { get; set; }

    /// <summary>Whether a server that has lost its quorum is accepted for reads. Default false.</summary>
    public bool AllowReadOnly { get; set; }

    /// <summary>Requests sent and not answered yet; further calls wait. Default 1000, 1 to 100,000.</summary>
    public int MaxInFlight { get; set; } = 1000;

    /// <summary>
    /// Largest bytes of one znode or multi, checked before sending. Default 1 MiB − 1 KiB, 1 to 64 MiB.
    /// </summary>
    public int MaxBodyBytes { get; set; } = (1024 * 1024) - 1024;

    /// <summary>
    /// Largest reply; a larger one fails its call and keeps the session. Default 16 MiB, 64 KiB to 1 GiB.
    /// </summary>
    public int MaxReplyBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>
    /// Credentials sent at every (re)connect, in order, after those of the connection string. Default none.
    /// </summary>
    public IList<AuthCredential> Auth { get; } = [];

    /// <summary>
    /// Asked at every (re)connect for credentials that follow those of <see cref="Auth"/>, so that secrets can rotate.
    /// Runs on the thread pool and has <see cref="ConnectTimeout"/> to answer; an attempt whose callback throws or is
    /// too slow fails. With a callback <see cref="SessionState.AuthFailed"/> ends after 30 s with another attempt.
    /// Default none.
    /// </summary>
    public Func<CancellationToken, ValueTask<IReadOnlyList<AuthCredential>>>? AuthCallback { get; set; }

    /// <summary>
    /// Asked for each connection how to encrypt it; a client certificate gives the identity <c>x509</c>. The host of
    /// the address is filled in as <see cref="SslClientAuthenticationOptions.TargetHost"/> where none is set. Runs on
    /// the connection's own thread and must not block. Null (default): as the connection string says. Not together with
    /// <c>tlsCa</c>, <c>tlsCert</c> and <c>tlsKey</c>, which say the same.
    /// </summary>
    public Func<SslClientAuthenticationOptions>? Tls { get; set; }

    /// <summary>
    /// Where the cluster is to be found, list after list, from DNS, Kubernetes or a file. Each list that is not empty
    /// takes the place of the one before; the addresses of the connection string are tried behind it. Enumerated on the
    /// thread pool from the first call on; enumerated again <see cref="RetryOptions.MaxDelay"/> after it threw. Default
    /// null: the connection string, and on Coord the members that the cluster publishes at <c>/zookeeper/config</c>
    /// where the address connected to is one of them and TLS is off.
    /// </summary>
    public Func<CancellationToken, IAsyncEnumerable<IReadOnlyList<Endpoint>>>? EndpointSource { get; set; }

    /// <summary>
    /// Shown in contender records. At most 64 characters. Default: host, process name and process id.
    /// </summary>
    public string? ClientName { get; set; }

    /// <summary>Whether writes below <c>/zookeeper</c> are let through. Default false.</summary>
    public bool AllowSystemPaths { get; set; }

    /// <summary>Access control list of creates that name none. Default <see cref="Acls.OpenToAll"/>.</summary>
    public IReadOnlyList<AclEntry> DefaultAcl { get; set; } = Acls.OpenToAll;

    /// <summary>
    /// Below which znode the receipts of multis that are exactly once are made, on servers that do not announce
    /// <c>dedupe</c>; made on the way with <see cref="DefaultAcl"/>. Within the chroot of the connection string.
    /// Default
    /// <c>/.coord/receipts</c>.
    /// </summary>
    public string ReceiptPath { get; set; } = "/.coord/receipts";

    /// <summary>Where session transitions and failures are logged; null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>
    /// Makes the meter <c>Coord.Client</c>; clients with the same meter are measured together. Null (default): one
    /// meter for the process.
    /// </summary>
    public IMeterFactory? MeterFactory { get; set; }

    /// <summary>
    /// Clocks and timers. Null or <see cref="TimeProvider.System"/>: heartbeats and deadlines are driven by one
    /// dedicated thread of the process. Any other provider drives this client by its own timers.
    /// </summary>
    public TimeProvider? TimeProvider { get; set; }

    internal CoordClientOptions CopyAndCheck(ConnectionString connection)
    {
        var copy = (CoordClientOptions)MemberwiseClone();
        copy.SessionTimeout = connection.SessionTimeout ?? SessionTimeout;
        copy.ConnectTimeout = connection.ConnectTimeout ?? ConnectTimeout;
        copy.RequestTimeout = connection.RequestTimeout ?? RequestTimeout;
        copy.ReadConsistency = connection.Consistency ?? ReadConsistency;
        copy.AllowReadOnly = connection.ReadOnly ?? AllowReadOnly;
        copy.ClientName = connection.Name ?? ClientName ?? DefaultName();
        copy.Tls = Tls ?? (connection.Tls is { } files ? files.Read : null);
        copy.Retry =
            new RetryOptions { FirstDelay = Retry?.FirstDelay ?? default, MaxDelay = Retry?.MaxDelay ?? default };
        copy.DefaultAcl = DefaultAcl is null ? [] : [.. DefaultAcl];
        var problems = OptionChecks.Problems(copy);
        if (Tls is not null && (connection.TlsCa ?? connection.TlsCert) is not null)
            problems.Add("Tls and tlsCa, tlsCert or tlsKey say the same: give one.");
        if (connection.Tls?.Problem() is { } problem)
            problems.Add(problem);
        return problems.Count == 0 ? copy : throw new ArgumentException(string.Join(" ", problems));
    }

    /// <summary>A copy, in this time where no other is named; the object itself is the caller's.</summary>
    internal CoordClientOptions CopyInTime(TimeProvider time)
    {
        var copy = (CoordClientOptions)MemberwiseClone();
        copy.TimeProvider ??= time;
        return copy;
    }

    private static string DefaultName()
    {
        var program = Path.GetFileNameWithoutExtension(Environment.ProcessPath);
        var name = $"{Environment.MachineName}/{program}/{Environment.ProcessId}";
        return name.Length <= ClientNameMaxLength ? name : name[^ClientNameMaxLength..];
    }
}

using System.Diagnostics.Metrics;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// A client of a Coord or Apache ZooKeeper (3.6 or later) cluster: one session, kept alive and taken up again after a
/// broken connection. Thread-safe. Every call ends within <see cref="CoordClientOptions.RequestTimeout"/> in success,
/// in an exception that says whether the operation may have happened (<see cref="CoordException.Outcome"/>), or in
/// <see cref="OperationCanceledException"/>.
/// </summary>
/// <remarks>
/// Besides the exceptions named, every call can end with <see cref="ArgumentException"/> (wrong path or bytes; nothing
/// sent), <see cref="ObjectDisposedException"/>, <see cref="ConnectionFailedException"/> (nothing sent),
/// <see cref="AuthFailedException"/>, <see cref="NoAuthException"/>, <see cref="ThrottledException"/>, and, for writes,
/// <see cref="ConnectionLossException"/>, <see cref="SessionLostException"/> and
/// <see cref="OperationTimeoutException"/>, whose outcome is unknown once the request was sent. Cancelling a call that
/// was sent does not recall it. Bytes handed to a call must not change until it ends. Source: ZooKeeper Programmer's
/// Guide.
/// </remarks>
public interface ICoordClient : IAsyncDisposable
{
    /// <summary>The present session; one of epoch 0 before the first.</summary>
    CoordSession Session { get; }

    /// <summary>Where the client stands.</summary>
    SessionState State { get; }

    /// <summary>Extensions of the server connected last.</summary>
    ServerFeatures Features { get; }

    /// <summary>The largest zxid in any reply so far; reads are never older than this.</summary>
    Zxid LastSeenZxid { get; }

    /// <summary>Name shown in contender records.</summary>
    string ClientName { get; }

    /// <summary>The clocks and timers this client was given.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>Where the client and its recipes measure: the meter <c>Coord.Client</c>.</summary>
    Meter Meter { get; }

    /// <summary>Connects now instead of at the first call.</summary>
    /// <param name="ct">Ends the wait, not the connecting.</param>
    /// <returns>The session.</returns>
    /// <exception cref="ConnectionFailedException">No server within
    /// <see cref="CoordClientOptions.RequestTimeout"/>.</exception>
    ValueTask<CoordSession> ConnectAsync(CancellationToken ct = default);

    /// <summary>Every state change, beginning with the present state. A slow reader gets the latest only.</summary>
    /// <param name="ct">Ends the stream.</param>
    /// <returns>A stream that ends with <see cref="SessionState.Closed"/>.</returns>
    IAsyncEnumerable<SessionTransition> SessionEvents(CancellationToken ct = default);

    /// <summary>Creates a znode and returns the path it was given.</summary>
    /// <param name="path">Absolute, for example <c>/app/config</c>. The parent must exist unless the options say
    /// otherwise.</param>
    /// <param name="bytes">Stored unchanged; at most <see cref="CoordClientOptions.MaxBodyBytes"/>.</param>
    /// <param name="options">Null: persistent, default access control list.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The final path and metadata.</returns>
    /// <exception cref="NodeExistsException">The path is taken. With <see cref="Outcome.Unknown"/> perhaps by this very
    /// call.</exception>
    /// <exception cref="NoNodeException">The parent is missing. Nothing changed.</exception>
    /// <exception cref="NoChildrenForEphemeralsException">The parent is ephemeral. Nothing changed.</exception>
    /// <exception cref="ConnectionLossException">Unknown: a sequential create without protection, whose reply was
    /// lost.</exception>
    /// <remarks>A lost reply is resolved exactly for ephemeral and protected znodes: see
    /// <see cref="CreateOptions.Protected"/>.</remarks>
    ValueTask<CreatedZnode> CreateAsync(
        string path, ReadOnlyMemory<byte> bytes = default, CreateOptions? options = null,
        CancellationToken ct = default);

    /// <summary>As <see cref="CreateAsync"/>, with null for a path that is taken.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="bytes">Stored unchanged.</param>
    /// <param name="options">Null: persistent.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The znode made, or null when somebody else's is there.</returns>
    /// <exception cref="NodeExistsException">A znode is there and it cannot be told whose:
    /// <see cref="Outcome.Unknown"/>.</exception>
    /// <exception cref="NoNodeException">The parent is missing. Nothing changed.</exception>
    ValueTask<CreatedZnode?> TryCreateAsync(
        string path, ReadOnlyMemory<byte> bytes = default, CreateOptions? options = null,
        CancellationToken ct = default);

    /// <summary>Reads bytes and metadata.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="options">How fresh; null: the client's default.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The znode.</returns>
    /// <exception cref="NoNodeException">There is none.</exception>
    /// <exception cref="ReplyTooLargeException">It is over <see cref="CoordClientOptions.MaxReplyBytes"/>.</exception>
    ValueTask<Znode> GetAsync(string path, ReadOptions? options = null, CancellationToken ct = default);

    /// <summary>Reads bytes and metadata, or null.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="options">How fresh; null: the client's default.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The znode, or null when there is none.</returns>
    /// <exception cref="ReplyTooLargeException">It is over <see cref="CoordClientOptions.MaxReplyBytes"/>.</exception>
    ValueTask<Znode?> TryGetAsync(string path, ReadOptions? options = null, CancellationToken ct = default);

    /// <summary>Reads metadata alone.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="options">How fresh; null: the client's default.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The metadata, or null when there is no such znode.</returns>
    ValueTask<Stat?> ExistsAsync(string path, ReadOptions? options = null, CancellationToken ct = default);

    /// <summary>Reads the names of the children.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="options">How fresh; null: the client's default.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The names, unordered, and the parent's metadata.</returns>
    /// <exception cref="NoNodeException">There is no such znode.</exception>
    ValueTask<ChildList> GetChildrenAsync(string path, ReadOptions? options = null, CancellationToken ct = default);

    /// <summary>Reads the access control list.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>
    /// The list and the metadata. To who may read but not administer the znode, servers show <c>x</c> in the place of a
    /// digest's hash.
    /// </returns>
    /// <exception cref="NoNodeException">There is no such znode.</exception>
    ValueTask<AclAndStat> GetAclAsync(string path, CancellationToken ct = default);

    /// <summary>Replaces the access control list of a znode whose list has the expected version.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="acl">The new list, not empty.</param>
    /// <param name="expectedAclVersion">The <c>aversion</c> it must have; not −1, which the wire takes for
    /// "any".</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The new metadata.</returns>
    /// <exception cref="BadVersionException">Another version. <see cref="Outcome.Unknown"/> after a lost
    /// reply.</exception>
    /// <exception cref="InvalidAclException">The server does not take the list. Nothing changed.</exception>
    /// <exception cref="NoNodeException">There is no such znode. <see cref="Outcome.Unknown"/> after a lost
    /// reply.</exception>
    ValueTask<Stat> SetAclAsync(
        string path, IReadOnlyList<AclEntry> acl, int expectedAclVersion, CancellationToken ct = default);

    /// <summary>
    /// Raises the number that the next sequential child gets; a lower one than the present changes nothing. For moving
    /// a tree here: takes the permission to administer the znode, and a server that announces <c>child-counter</c>.
    /// </summary>
    /// <param name="path">Absolute: the parent.</param>
    /// <param name="created">How many children count as ever created, from 0 on.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The new metadata.</returns>
    /// <exception cref="NoNodeException">There is no such znode. Nothing changed.</exception>
    /// <exception cref="NotSupportedException">The server does not announce it. Nothing sent.</exception>
    ValueTask<Stat> RaiseChildCounterAsync(string path, long created, CancellationToken ct = default);

    /// <summary>Replaces the bytes of a znode of the expected version.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="bytes">Stored unchanged; at most <see cref="CoordClientOptions.MaxBodyBytes"/>.</param>
    /// <param name="expectedVersion">The version it must have; not −1, which the wire takes for "any".</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The new metadata.</returns>
    /// <exception cref="BadVersionException">Another version. <see cref="Outcome.Unknown"/> after a lost
    /// reply.</exception>
    /// <exception cref="NoNodeException">There is no such znode. <see cref="Outcome.Unknown"/> after a lost
    /// reply.</exception>
    ValueTask<Stat> SetAsync(
        string path, ReadOnlyMemory<byte> bytes, int expectedVersion, CancellationToken ct = default);

    /// <summary>Replaces the bytes of a znode whatever its version.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="bytes">Stored unchanged.</param>
    /// <param name="options">Says so aloud, and whether the write may be repeated.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The new metadata.</returns>
    /// <exception cref="NoNodeException">There is no such znode. Nothing changed.</exception>
    /// <exception cref="ConnectionLossException">Unknown, unless <see cref="SetOptions.Repeatable"/>.</exception>
    ValueTask<Stat> SetAsync(
        string path, ReadOnlyMemory<byte> bytes, SetOptions options, CancellationToken ct = default);

    /// <summary>As the versioned set, with null for another version.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="bytes">Stored unchanged.</param>
    /// <param name="expectedVersion">The version it must have; not −1.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The new metadata, or null when the version was another and nothing changed.</returns>
    /// <exception cref="BadVersionException">Another version after a lost reply:
    /// <see cref="Outcome.Unknown"/>.</exception>
    /// <exception cref="NoNodeException">There is no such znode.</exception>
    ValueTask<Stat?> TrySetAsync(
        string path, ReadOnlyMemory<byte> bytes, int expectedVersion, CancellationToken ct = default);

    /// <summary>Deletes a znode without children.</summary>
    /// <param name="path">Absolute, not the root.</param>
    /// <param name="options">Null: any version.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>False when it was not there.</returns>
    /// <exception cref="NotEmptyException">It has children. Nothing changed.</exception>
    /// <exception cref="BadVersionException">Another version. Nothing changed.</exception>
    ValueTask<bool> DeleteAsync(string path, DeleteOptions? options = null, CancellationToken ct = default);

    /// <summary>Deletes a znode and everything below it, leaves first. Not atomic: an error leaves the rest.</summary>
    /// <param name="path">Absolute, not the root.</param>
    /// <param name="options">Null: the znode itself goes too.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>When everything that was listed is gone.</returns>
    /// <exception cref="NotEmptyException">Children keep appearing. What was deleted stays so.</exception>
    ValueTask DeleteTreeAsync(string path, DeleteTreeOptions? options = null, CancellationToken ct = default);

    /// <summary>
    /// Deletes a znode in the background, however long a server takes to be found. What belongs to a session is given
    /// up with it. A client that is disposed does nothing.
    /// </summary>
    /// <param name="path">Absolute, not the root; only a path that nobody else can mean, since the delete may come
    /// late.</param>
    /// <param name="session">The session it belongs to; null: a persistent znode.</param>
    void DeleteEventually(string path, CoordSession? session = null);

    /// <summary>Waits until the server connected has everything that was committed before the call.</summary>
    /// <param name="path">Any valid path; servers ignore it.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>When reads see it.</returns>
    ValueTask SyncAsync(string path = "/", CancellationToken ct = default);

    /// <summary>
    /// Waits until this client's reads include a change that another one has seen: its
    /// <see cref="LastSeenZxid"/>, handed over in a message or header.
    /// </summary>
    /// <param name="zxid">Of this cluster; 0 or above.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>When reads see it; at once when this client has seen as much.</returns>
    /// <exception cref="OperationTimeoutException">The cluster did not get there within
    /// <see cref="CoordClientOptions.RequestTimeout"/>.</exception>
    ValueTask WaitForZxidAsync(Zxid zxid, CancellationToken ct = default);

    /// <summary>
    /// Runs a body that reads and writes znodes, and commits its writes in one multi if nothing it read has changed;
    /// otherwise runs it again, with backoff. Serializable over the znodes read and written.
    /// </summary>
    /// <param name="body">May run several times: it has no effects but through its transaction.</param>
    /// <param name="options">Null: up to 10 runs, exactly once.</param>
    /// <param name="ct">Cancels; a commit that was sent may still be carried out.</param>
    /// <typeparam name="TResult">What the body returns.</typeparam>
    /// <returns>What the body returned in the run that was committed.</returns>
    /// <exception cref="TransactionConflictException">Every run conflicted. Nothing was written.</exception>
    /// <exception cref="MultiFailedException">A write that no read covers failed: it creates what exists, deletes what
    /// has children. Nothing was written.</exception>
    /// <remarks>
    /// An exception of the body is thrown only after a check that what it had read still stands; otherwise the body
    /// runs again. Absence is guarded by a create and a delete inside the multi, which watchers of the parent can see.
    /// A znode that was deleted and made again between read and commit passes for unchanged if its version is the same.
    /// </remarks>
    ValueTask<TResult> TransactAsync<TResult>(
        Func<ITransaction, CancellationToken, ValueTask<TResult>> body, TransactOptions? options = null,
        CancellationToken ct = default);

    /// <summary>Begins a multi: several operations, all or none.</summary>
    /// <returns>An empty multi.</returns>
    Multi CreateMulti();

    /// <summary>
    /// Follows a path: first <see cref="WatchEventKind.Started"/>, then what happens. Changes that come faster than
    /// they are read arrive as one. After a gap (reconnect, new session) comes <see cref="WatchEventKind.Resynced"/>:
    /// read again. Survives both.
    /// </summary>
    /// <param name="path">Absolute; need not exist.</param>
    /// <param name="scope">What of it is followed.</param>
    /// <param name="ct">Ends the stream.</param>
    /// <returns>The events.</returns>
    IAsyncEnumerable<WatchEvent> WatchAsync(
        string path, WatchScope scope = WatchScope.Node, CancellationToken ct = default);

    /// <summary>
    /// The znode now (null: absent) and after every change, newest only. Survives reconnects and new sessions.
    /// </summary>
    /// <param name="path">Absolute.</param>
    /// <param name="ct">Ends the stream.</param>
    /// <returns>The values.</returns>
    IAsyncEnumerable<Znode?> FollowAsync(string path, CancellationToken ct = default);

    /// <summary>Waits until the path exists, across reconnects and sessions, without a limit but the token.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Its metadata.</returns>
    ValueTask<Stat> WaitForExistsAsync(string path, CancellationToken ct = default);

    /// <summary>
    /// Waits until the path does not exist, across reconnects and sessions, without a limit but the token.
    /// </summary>
    /// <param name="path">Absolute.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>When it is absent, or was for a moment.</returns>
    ValueTask WaitForDeletedAsync(string path, CancellationToken ct = default);

    /// <summary>Waits until the znode (null: absent) satisfies a condition. Values in between may be missed.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="predicate">The condition; runs on the pool.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The znode that satisfied it.</returns>
    ValueTask<Znode?> WaitUntilAsync(string path, Func<Znode?, bool> predicate, CancellationToken ct = default);

    /// <summary>
    /// From now on the session is proven by what a quorum answers (see <see cref="CoordClientOptions.SessionProof"/>),
    /// because something is held under it. Recipes that give out handles call it when they are made. Does no I/O.
    /// </summary>
    void RequireSessionProof();

    /// <summary>Waits until a session is certain to live for some time. Connects if need be.</summary>
    /// <param name="atLeast">The fraction of the timeout wanted, 0 to 0.5.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The session.</returns>
    /// <exception cref="OperationTimeoutException">Not within
    /// <see cref="CoordClientOptions.RequestTimeout"/>.</exception>
    ValueTask<CoordSession> WaitForProofAsync(double atLeast = 0.2, CancellationToken ct = default);

    /// <summary>Watches over an ephemeral znode of a session for a handle.</summary>
    /// <param name="path">The znode.</param>
    /// <param name="session">The session it belongs to.</param>
    /// <returns>A guard whose token fires when session or znode are lost. Dispose it with the handle.</returns>
    ZnodeGuard Guard(string path, CoordSession session);

    /// <summary>A view of this client with another root: the same session. Disposing it does nothing.</summary>
    /// <param name="path">The new root, below the present one; it must exist for calls to succeed.</param>
    /// <returns>The view.</returns>
    ICoordClient WithChroot(string path);
}

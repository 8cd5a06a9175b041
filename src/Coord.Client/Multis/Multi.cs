using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Several operations, carried out all or not at all, in the order added; each sees what the earlier ones did. Not
/// thread-safe; committed once. Source: ZooKeeper Programmer's Guide, multi.
/// </summary>
public sealed class Multi
{
    /// <summary>Most operations of one multi.</summary>
    public const int MaxOperations = 1000;

    private readonly ClientCore core;
    private readonly PathMap paths;
    private readonly List<MultiOperation> operations = [];
    private readonly string? guardedPath;
    private readonly Func<bool>? isGuardLost;
    private bool isExactlyOnce;
    private bool isCommitted;

    internal Multi(ClientCore core, PathMap paths)
    {
        this.core = core;
        this.paths = paths;
    }

    private Multi(Multi plain, string guardedPath, Func<bool> isGuardLost)
        : this(plain.core, plain.paths)
    {
        this.guardedPath = guardedPath;
        this.isGuardLost = isGuardLost;
        Add(OpCode.Check, guardedPath, paths.ToServer(guardedPath, nameof(guardedPath)), default, -1,
            CreateMode.Persistent, []);
    }

    /// <summary>How many operations were added.</summary>
    public int Count => operations.Count;

    /// <summary>
    /// A multi that begins with a check that a held znode still exists, and that is refused without sending when it is
    /// known to be lost: its commit fails with <see cref="LockLostException"/> then.
    /// </summary>
    /// <param name="path">The znode that stands for what is held.</param>
    /// <param name="isLost">Whether it is known to be lost.</param>
    /// <returns>A new multi; this one is left as it is.</returns>
    /// <exception cref="ArgumentException">The path is not valid.</exception>
    public Multi GuardedBy(string path, Func<bool> isLost)
    {
        ArgumentNullException.ThrowIfNull(isLost);
        return new Multi(this, path, isLost);
    }

    /// <summary>
    /// Makes the commit exactly once: after a lost reply it is found out whether it was applied, and it is sent again
    /// only if it was not, for as long as the session lives.
    /// </summary>
    /// <remarks>
    /// On Coord (<c>dedupe</c>) the multi carries a number and its first reply comes again. Elsewhere it sets one znode
    /// more, a receipt of this session below <see cref="CoordClientOptions.ReceiptPath"/>; results found out by a
    /// receipt have no metadata. At most 32 such multis of a client are on their way at once, 8 with receipts; further
    /// ones wait.
    /// </remarks>
    /// <returns>This multi.</returns>
    public Multi ExactlyOnce()
    {
        isExactlyOnce = true;
        return this;
    }

    /// <summary>Requires a znode to exist with a version.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="version">The version; null: any.</param>
    /// <returns>This multi.</returns>
    /// <exception cref="ArgumentException">The path is not valid, or there are <see cref="MaxOperations"/>
    /// already.</exception>
    public Multi Check(string path, int? version = null) =>
        Add(OpCode.Check, path, paths.ToServer(path, nameof(path)), default, version ?? -1, CreateMode.Persistent, []);

    /// <summary>Creates a znode.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="bytes">Stored unchanged.</param>
    /// <param name="mode">Kind of znode; no TTL mode.</param>
    /// <param name="acl">Null: <see cref="CoordClientOptions.DefaultAcl"/>.</param>
    /// <returns>This multi.</returns>
    /// <exception cref="ArgumentException">An argument is wrong, or there are <see cref="MaxOperations"/>
    /// already.</exception>
    public Multi Create(
        string path, ReadOnlyMemory<byte> bytes = default, CreateMode mode = CreateMode.Persistent,
        IReadOnlyList<AclEntry>? acl = null)
    {
        if (mode is < CreateMode.Persistent or > CreateMode.Container)
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "Not a mode that a multi can create.");
        var isSequential = mode is CreateMode.PersistentSequential or CreateMode.EphemeralSequential;
        var serverPath = paths.ToServerForCreate(path, isSequential, nameof(path));
        var op = mode == CreateMode.Container ? OpCode.CreateContainer : OpCode.Create2;
        return Add(op, path, serverPath, bytes, 0, mode, acl ?? core.Options.DefaultAcl);
    }

    /// <summary>Replaces the bytes of a znode.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="bytes">Stored unchanged.</param>
    /// <param name="version">The version it must have; null: any.</param>
    /// <returns>This multi.</returns>
    /// <exception cref="ArgumentException">An argument is wrong, or there are <see cref="MaxOperations"/>
    /// already.</exception>
    public Multi Set(string path, ReadOnlyMemory<byte> bytes, int? version = null) =>
        Add(OpCode.SetData, path, paths.ToServerForWrite(path, nameof(path)), bytes, version ?? -1,
            CreateMode.Persistent, []);

    /// <summary>Deletes a znode.</summary>
    /// <param name="path">Absolute, not the root.</param>
    /// <param name="version">The version it must have; null: any.</param>
    /// <returns>This multi.</returns>
    /// <exception cref="ArgumentException">An argument is wrong, or there are <see cref="MaxOperations"/>
    /// already.</exception>
    public Multi Delete(string path, int? version = null) => Add(
        OpCode.Delete, path, paths.ToServerForCreate(path, isSequential: false, nameof(path)), default, version ?? -1,
        CreateMode.Persistent, []);

    /// <summary>Requires that there is no such znode, of servers that announce <c>check-absent</c>.</summary>
    internal Multi CheckAbsent(string path) => Add(
        OpCode.CheckAbsent, path, paths.ToServer(path, nameof(path)), default, -1, CreateMode.Persistent, []);

    /// <summary>
    /// Requires that no child has come or gone since the cversion was read, of servers that announce
    /// <c>check-children</c>.
    /// </summary>
    internal Multi CheckChildren(string path, int cversion) => Add(
        OpCode.CheckChildren, path, paths.ToServer(path, nameof(path)), default, cversion, CreateMode.Persistent, []);

    /// <summary>Sends the multi.</summary>
    /// <param name="ct">Cancels; a multi that was sent may still be carried out.</param>
    /// <returns>One result for each operation.</returns>
    /// <exception cref="InvalidOperationException">No operation, or committed before.</exception>
    /// <exception cref="ArgumentException">Over <see cref="CoordClientOptions.MaxBodyBytes"/>. Nothing was
    /// sent.</exception>
    /// <exception cref="MultiFailedException">An operation failed, so none was done.</exception>
    /// <exception cref="LockLostException">What it is guarded by is lost. Nothing was done.</exception>
    /// <exception cref="ConnectionLossException">Unknown: the reply was lost. Not with <see cref="ExactlyOnce"/>, but
    /// for a receipt that somebody deleted, and a server in between that does not announce <c>dedupe</c>.</exception>
    /// <exception cref="SessionLostException">Unknown if it was sent.</exception>
    /// <exception cref="OperationTimeoutException">Unknown if it was sent.</exception>
    public ValueTask<IReadOnlyList<MultiResult>> CommitAsync(CancellationToken ct = default)
    {
        var budget = core.Begin("multi", ct);
        return budget.Run(CommitAsync(budget));
    }

    private async ValueTask<IReadOnlyList<MultiResult>> CommitAsync(CallBudget budget)
    {
        ObjectDisposedException.ThrowIf(core.IsDisposed, typeof(CoordClient));
        CheckBeforeCommit();
        if (isGuardLost?.Invoke() == true)
            throw new LockLostException(guardedPath!);
        isCommitted = true;
        var reply = await SendAsync(budget).ConfigureAwait(false);
        if (!reply.IsOk)
            throw Failure.Of(reply, ReplyKind.Write, operations[0].Path, core, budget.Token);
        var outcome = reply.Value!;
        if (outcome.FailedIndex < 0)
            return outcome.Results;
        if (outcome.FailedIndex == 0 && guardedPath is not null && outcome.Error == ErrorCode.NoNode)
            throw new LockLostException(guardedPath);
        if (outcome.FailedIndex == operations.Count)
            throw Failure.OfCode(outcome.Error, core.Options.ReceiptPath);
        var failed = operations[outcome.FailedIndex];
        throw new MultiFailedException(outcome.FailedIndex, failed.Op, outcome.Error, failed.Path);
    }

    private ValueTask<Reply<MultiOutcome>> SendAsync(CallBudget budget) => isExactlyOnce
        ? new OnceCommit(core, operations, paths.ToCaller).SendAsync(budget)
        : core.Send(new MultiCall(operations, paths.ToCaller) { ExpiresAt = budget.ExpiresAt }, budget);

    private void CheckBeforeCommit()
    {
        if (operations.Count == 0)
            throw new InvalidOperationException("The multi has no operation.");
        if (isCommitted)
            throw new InvalidOperationException("The multi was committed before.");
        long size = 0;
        foreach (var operation in operations)
            size += operation.SizeBound;
        if (size > core.Options.MaxBodyBytes)
            throw new ArgumentException(
                $"The multi has up to {size} bytes, over MaxBodyBytes ({core.Options.MaxBodyBytes}).");
    }

    private Multi Add(
        OpCode op, string path, string serverPath, ReadOnlyMemory<byte> bytes, int version, CreateMode mode,
        IReadOnlyList<AclEntry> acl)
    {
        if (operations.Count == MaxOperations)
            throw new ArgumentException($"A multi has at most {MaxOperations} operations.", nameof(path));
        operations.Add(new MultiOperation(op, path, serverPath, bytes, version, mode, acl));
        return this;
    }
}

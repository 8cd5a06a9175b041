using Coord.Fuzz.Bytes;
using Coord.Fuzz.Files;
using Coord.Fuzz.Runs;
using Coord.Node;
using Coord.Node.Storage;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Fuzz.Targets;

/// <summary>
/// Snapshot files that were changed: opened by the store, or received from a peer; and their chunks, changed behind
/// the file's checksums, loaded into a tree. A file is accepted only whole, a tree only if it holds what was written.
/// </summary>
internal sealed class SnapshotsTarget : IFuzzTarget
{
    private const int CasesPerTree = 64;
    private const string Folder = "/snapshots";

    private static readonly NodeLimits Limits = NodeLimits.Default;

    private SampleTree _tree = null!;
    private MemoryFiles _files = null!;
    private SnapshotFile _snapshot = null!;
    private string _path = "";
    private ulong _treeSeed = ulong.MaxValue;
    private long _accepted;
    private long _refused;

    public string Name => "snapshots";

    // The reader's window is 256 KiB; a tree begins with tables of its own.
    public long AllocationMax => 4 << 20;

    public void Prepare(ulong seed)
    {
        if (_treeSeed == seed / CasesPerTree)
            return;

        _treeSeed = seed / CasesPerTree;
        _tree = new SampleTree(new CaseRandom(_treeSeed));
        _files = new MemoryFiles();
        var store = new SnapshotStore(_files, Folder, 99, Limits);
        using var writer = store.BeginWrite(new LogIndex(_tree.Tree.AppliedIndex), new Term(3));
        foreach (var chunk in _tree.Chunks)
            writer.Append(chunk);
        _snapshot = writer.Complete();
        _path = _files.Paths.Single();
    }

    public void Run(CaseRandom random)
    {
        var isAccepted = random.Below(3) switch
        {
            0 => Load(MutateChunks(random)),
            1 => Open(MutateFile(random)),
            _ => Receive(MutateFile(random)),
        };
        if (isAccepted)
            _accepted++;
        else
            _refused++;
    }

    public string Describe() => $"accepted={_accepted} refused={_refused}";

    private byte[] MutateFile(CaseRandom random)
    {
        var bytes = _files.BytesOf(_path);
        return random.Chance(0.02) ? bytes : Mutation.Of(bytes, bytes, random);
    }

    private List<byte[]> MutateChunks(CaseRandom random)
    {
        var chunks = _tree.Chunks.ToList();
        var at = random.Below(chunks.Count);
        switch (random.Below(10))
        {
            case 0:
                chunks.RemoveAt(at);
                break;
            case 1:
                chunks.Insert(random.Below(chunks.Count), chunks[at]);
                break;
            case 2:
                (chunks[at], chunks[0]) = (chunks[0], chunks[at]);
                break;
            default:
                chunks[at] = Mutation.Of(chunks[at], random.Pick(chunks), random);
                break;
        }

        return chunks;
    }

    private bool Load(List<byte[]> chunks)
    {
        var loader = new SnapshotLoader(indexSeed: 5);
        foreach (var chunk in chunks)
        {
            if (!loader.Add(chunk))
                break;
        }

        var tree = loader.Complete();
        if ((tree is null) == (loader.Fault is null))
            throw new FuzzFailedException($"a tree and a fault at once, or neither: {loader.Fault}");

        if (tree is not null)
            _tree.RequireEqual(tree);
        return tree is not null;
    }

    private bool Open(byte[] bytes)
    {
        var files = new MemoryFiles();
        files.Replace(_path, bytes);
        var store = new SnapshotStore(files, Folder, 99, Limits);
        if (store.List().Count == 0)
            return Refused(bytes);

        try
        {
            using var reader = store.OpenReader(store.List()[0].Id);
            for (var number = 0; reader.TryReadChunk(out var chunk); number++)
            {
                if (number >= _tree.Chunks.Count || !chunk.SequenceEqual(_tree.Chunks[number]))
                    throw new FuzzFailedException($"chunk {number} was never written like this");
            }

            return Accepted(bytes);
        }
        catch (DataUnusableException)
        {
            return Refused(bytes);
        }
    }

    private bool Receive(byte[] bytes)
    {
        var files = new MemoryFiles();
        var store = new SnapshotStore(files, Folder, 99, Limits);
        using var receiver = store.BeginReceive(_snapshot);
        var isTaken = receiver.Append(bytes);
        if (isTaken != bytes.Length <= _snapshot.Length)
            throw new FuzzFailedException($"{bytes.Length} bytes of {_snapshot.Length}: taken is {isTaken}");

        return receiver.TryComplete() ? Accepted(bytes) : Refused(bytes);
    }

    private bool Accepted(byte[] bytes)
    {
        if (!bytes.AsSpan().SequenceEqual(_files.BytesOf(_path)))
            throw new FuzzFailedException("a changed file is accepted");

        return true;
    }

    private bool Refused(byte[] bytes)
    {
        if (bytes.AsSpan().SequenceEqual(_files.BytesOf(_path)))
            throw new FuzzFailedException("the file that was written is refused");

        return false;
    }
}

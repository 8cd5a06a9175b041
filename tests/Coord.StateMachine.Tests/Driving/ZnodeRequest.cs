using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>A client's request in readable form.</summary>
internal abstract record ZnodeRequest
{
    /// <summary>Opcode and record, as a client sends them behind the xid.</summary>
    public byte[] Encode() => new Wire().Int((int)Operation).Raw(Record()).ToArray();

    public abstract OpCode Operation { get; }

    public abstract byte[] Record();

    internal sealed record Create(string? Path, string? Value = "", int Flags = 0, OpCode Kind = OpCode.Create)
        : ZnodeRequest
    {
        public override OpCode Operation => Kind;

        public (int, string?, string?)[]? Acl { get; init; } = [(31, "world", "anyone")];

        /// <summary>Only createTTL has it.</summary>
        public long Ttl { get; init; }

        public override byte[] Record()
        {
            var record = new Wire().Text(Path).Text(Value).Acl(Acl).Int(Flags);
            return Kind == OpCode.CreateTtl ? record.Long(Ttl).ToArray() : record.ToArray();
        }
    }

    internal sealed record CreateRank(string? Path, string[] Marks, string[] WaitedFor) : ZnodeRequest
    {
        public override OpCode Operation => OpCode.CreateRank;

        public int Flags { get; init; } = 3;

        public (int, string?, string?)[]? Acl { get; init; } = [(31, "world", "anyone")];

        public override byte[] Record()
        {
            var record = new Wire().Text(Path).Text("").Acl(Acl).Int(Flags);
            foreach (string[] marks in new[] { Marks, WaitedFor })
            {
                record.Int(marks.Length);
                foreach (string mark in marks)
                    record.Text(mark);
            }

            return record.ToArray();
        }
    }

    internal sealed record Delete(string? Path, int Version = -1) : ZnodeRequest
    {
        public override OpCode Operation => OpCode.Delete;

        public override byte[] Record() => new Wire().Text(Path).Int(Version).ToArray();
    }

    internal sealed record Set(string? Path, string? Value, int Version = -1) : ZnodeRequest
    {
        public override OpCode Operation => OpCode.SetData;

        public override byte[] Record() => new Wire().Text(Path).Text(Value).Int(Version).ToArray();
    }

    internal sealed record SetAcl(string? Path, (int, string?, string?)[]? Acl, int Version = -1) : ZnodeRequest
    {
        public override OpCode Operation => OpCode.SetAcl;

        public override byte[] Record() => new Wire().Text(Path).Acl(Acl).Int(Version).ToArray();
    }

    internal sealed record Check(string? Path, int Version) : ZnodeRequest
    {
        public override OpCode Operation => OpCode.Check;

        public override byte[] Record() => new Wire().Text(Path).Int(Version).ToArray();
    }

    internal sealed record CheckAbsent(string? Path) : ZnodeRequest
    {
        public override OpCode Operation => OpCode.CheckAbsent;

        public override byte[] Record() => new Wire().Text(Path).ToArray();
    }

    internal sealed record CheckChildren(string? Path, int Cversion) : ZnodeRequest
    {
        public override OpCode Operation => OpCode.CheckChildren;

        public override byte[] Record() => new Wire().Text(Path).Int(Cversion).ToArray();
    }

    /// <summary>Raises the counter of children.</summary>
    internal sealed record Counter(string? Path, long Created) : ZnodeRequest
    {
        public override OpCode Operation => OpCode.RaiseChildCounter;

        public override byte[] Record() => new Wire().Text(Path).Long(Created).ToArray();
    }

    /// <summary>Adds to the number that a znode holds.</summary>
    internal sealed record CounterAdd(
        string? Path, long Initial, long Tag, params (long Delta, long Min, long Max, int Times)[] Adds) : ZnodeRequest
    {
        public override OpCode Operation => OpCode.CounterAdd;

        public long FirstSession { get; init; }

        public long SeenZxid { get; init; }

        public override byte[] Record()
        {
            var wire = new Wire().Text(Path).Long(Initial).Long(Tag).Long(FirstSession).Long(SeenZxid).Int(Adds.Length);
            foreach (var (delta, min, max, times) in Adds)
                wire.Long(delta).Long(min).Long(max).Int(times);
            return wire.ToArray();
        }

        public override string ToString() =>
            $"CounterAdd {Path} {Initial} {Tag} {FirstSession} {SeenZxid} [{string.Join(", ", Adds)}]";
    }

    /// <summary>A write with a number, sent any number of times.</summary>
    internal sealed record Once(long Number, ZnodeRequest Write, long Acknowledged = 0) : ZnodeRequest
    {
        public override OpCode Operation => OpCode.Once;

        public override byte[] Record() => new Wire().Long(Number).Long(Acknowledged).Raw(Write.Encode()).ToArray();
    }

    internal sealed record Multi(params ZnodeRequest[] Parts) : ZnodeRequest
    {
        public override OpCode Operation => OpCode.Multi;

        public override byte[] Record()
        {
            var wire = new Wire();
            foreach (var part in Parts)
                wire.MultiHeader((int)part.Operation, isDone: false, error: -1).Raw(part.Record());
            return wire.MultiHeader(-1, isDone: true, error: -1).ToArray();
        }

        public override string ToString() => $"Multi [{string.Join<ZnodeRequest>(", ", Parts)}]";
    }
}

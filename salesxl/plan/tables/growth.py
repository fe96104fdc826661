"""How people are measured, answer for work and grow; how new customers are looked for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from salesxl.plan.schema import column

DIRECTIONS = {"up": ("越高越好", "Higher is better"), "down": ("越低越好", "Lower is better")}
RACI = {
    "R": ("R 执行", "R responsible"),
    "A": ("A 负责", "A accountable"),
    "AR": ("A/R 负责并执行", "A/R both"),
    "C": ("C 征询", "C consulted"),
    "I": ("I 知会", "I informed"),
}


@dataclass(frozen=True, kw_only=True)
class Kpi:
    """A measure of a role; the weights of a role's measures make 1."""

    role: str = column("岗位", "Role", "ref", ref="roles", required=True)
    name: str = column("指标", "Measure", "text", required=True)
    target: Decimal = column("目标值", "Target", "number", required=True, minimum=0)
    unit: str = column("单位", "Unit", "text", default="")
    weight: Decimal = column("权重", "Weight", "share", required=True, minimum=0, maximum=1)
    direction: str = column("方向", "Direction", "choice", choices=DIRECTIONS, default="up")
    floor_share: Decimal | None = column("计入下限", "Counts at least", "share", default=None)
    cap_share: Decimal | None = column("计入上限", "Counts at most", "share", default=None)
    source: str = column("数据来源", "Measured by", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Responsibility:
    """One cell of the responsibility matrix: what a role is in a process."""

    process: str = column("流程", "Process", "text", required=True)
    role: str = column("岗位", "Role", "ref", ref="roles", required=True)
    part: str = column("责任", "Part", "choice", choices=RACI, required=True)


@dataclass(frozen=True, kw_only=True)
class SourcePlan:
    """How customers are to be found through one source, and what it costs."""

    source: str = column("客户来源", "Source", "text", required=True, unique=True)
    goal_count: int | None = column(
        "潜客目标数", "Prospects to find", "int", minimum=0, default=None
    )
    cost_amount: int = column("费用", "Cost", "money", minimum=0, default=0)
    responsible: str = column("负责人", "Responsible", "text", default="")
    measures: str = column("措施", "Measures", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Skill:
    id: str = column("技能编号", "Skill ID", "id", required=True, unique=True)
    name: str = column("技能", "Skill", "text", required=True, unique=True)
    course: str = column("对应课程", "Course", "ref", ref="courses", default="")


@dataclass(frozen=True, kw_only=True)
class LevelSkill:
    """What a career level asks of a skill, 1 (knows it) to 5 (teaches it)."""

    level: str = column("职级", "Career level", "ref", ref="career_levels", required=True)
    skill: str = column("技能", "Skill", "ref", ref="skills", required=True)
    required_level: int = column(
        "要求级别", "Required level", "int", required=True, minimum=1, maximum=5
    )


@dataclass(frozen=True, kw_only=True)
class SkillLevel:
    """How good a person is at a skill, 0 to 5, as last assessed."""

    person: str = column("人员", "Person", "ref", ref="people", required=True)
    skill: str = column("技能", "Skill", "ref", ref="skills", required=True)
    level: int = column("现有级别", "Level", "int", required=True, minimum=0, maximum=5)

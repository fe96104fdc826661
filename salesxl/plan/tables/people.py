"""Who sells: people, roles, duties, training and careers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salesxl.plan.schema import column

YES_NO = {"yes": ("是", "Yes"), "no": ("否", "No")}
ROLE_KINDS = {
    "manager": ("销售经理", "Sales manager"),
    "rep": ("销售代表", "Sales representative"),
    "assistant": ("销售助理", "Sales assistant"),
}
COURSE_KINDS = {
    "product": ("产品知识", "Product knowledge"),
    "skills": ("销售技巧", "Sales skills"),
    "communication": ("沟通能力", "Communication"),
}


@dataclass(frozen=True, kw_only=True)
class Person:
    id: str = column("工号", "Employee ID", "id", required=True, unique=True)
    name: str = column("姓名", "Name", "text", required=True)
    role: str = column("岗位", "Role", "ref", ref="roles", required=True)
    region: str = column("区域", "Region", "ref", ref="regions", required=True)
    manager: str = column("上级", "Reports to", "ref", ref="people", default="")
    joined_date: date | None = column("入职日期", "Joined", "date", default=None)
    left_date: date | None = column("离职日期", "Left", "date", default=None)
    quota_weight: Decimal = column(
        "定额权重", "Quota weight", "number", minimum=0, default=Decimal(1)
    )
    commission_plan: str = column(
        "提成方案", "Commission plan", "ref", ref="commission_plans", default=""
    )
    region_since: date | None = column("到本区域日期", "In this region since", "date", default=None)
    note: str = column("备注", "Note", "text", default="")
    career_level: str = column("现任职级", "Career level", "ref", ref="career_levels", default="")
    level_since: date | None = column("任现职级日期", "In this level since", "date", default=None)


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A further region in which a person carries quota, beside the one in `people`."""

    person: str = column("人员", "Person", "ref", ref="people", required=True)
    region: str = column("区域", "Region", "ref", ref="regions", required=True)
    quota_weight: Decimal = column("定额权重", "Quota weight", "number", required=True, minimum=0)
    from_date: date | None = column("任职开始", "From", "date", default=None)
    to_date: date | None = column("任职结束", "To", "date", default=None)


@dataclass(frozen=True, kw_only=True)
class Role:
    id: str = column("岗位编号", "Role ID", "id", required=True, unique=True)
    name: str = column("岗位名称", "Role", "text", required=True, unique=True)
    kind: str = column("岗位类别", "Role kind", "choice", choices=ROLE_KINDS, required=True)
    carries_quota: str = column(
        "承担定额", "Carries quota", "choice", choices=YES_NO, default="yes"
    )
    purpose: str = column("岗位目的", "Purpose", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Duty:
    role: str = column("岗位", "Role", "ref", ref="roles", required=True)
    number: int = column("序号", "No", "int", required=True, minimum=1)
    duty: str = column("职责", "Duty", "text", required=True)
    measure: str = column("衡量指标", "Measure", "text", default="")
    rhythm: str = column("频率", "Rhythm", "text", default="")


@dataclass(frozen=True, kw_only=True)
class Course:
    id: str = column("课程编号", "Course ID", "id", required=True, unique=True)
    name: str = column("课程", "Course", "text", required=True)
    kind: str = column("类别", "Kind", "choice", choices=COURSE_KINDS, required=True)
    month: int | None = column("月份", "Month", "int", minimum=1, maximum=12, default=None)
    hours: Decimal | None = column("课时", "Hours", "number", minimum=0, default=None)
    audience: str = column("对象", "Audience", "text", default="")
    goal: str = column("目标", "Goal", "text", default="")
    trainer: str = column("讲师", "Trainer", "text", default="")


@dataclass(frozen=True, kw_only=True)
class CareerLevel:
    id: str = column("职级编号", "Level ID", "id", required=True, unique=True)
    track: str = column("通道", "Track", "text", required=True)
    level: int = column("级别", "Level", "int", required=True, minimum=1)
    title: str = column("职级名称", "Title", "text", required=True)
    minimum_attainment: Decimal | None = column(
        "最低完成率", "Minimum attainment", "share", minimum=0, default=None
    )
    minimum_months: int | None = column(
        "最短任职月数", "Minimum months", "int", minimum=0, default=None
    )
    criteria: str = column("晋升标准", "Criteria", "text", default="")
    attainment_periods: int | None = column(
        "连续达标季度数", "Quarters in a row", "int", minimum=0, maximum=12, default=None
    )
